import "@tensorflow/tfjs-backend-cpu";
import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch, DataLoader } from "@unet/data";
import { bceWithLogits } from "../losses/bce_with_logits.ts";
import { diceLoss } from "../losses/dice_loss.ts";
import { evaluate, predictBatch } from "./evaluate.ts";
import {
  borderTask,
  contentOf,
  join,
  tinyLoader,
  tinyModel,
  withRims,
} from "../fixtures/tiny.ts";
import { f1, noPixels } from "./metrics.ts";
import { addBatch, noScores, summarizeScores } from "./pixel_scores.ts";
import { batchTensors } from "../train_step.ts";
import { classTask } from "@unet/task";
import { lossOfHeads } from "../losses/loss_of_heads.ts";

await tf.setBackend("cpu");

/** Five tiles in batches of two, the last of one. */
const loader = tinyLoader({ tiles: 5, batchSize: 2 });

async function allBatches(loader: DataLoader): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of loader.batches(0)) all.push(batch);
  return all;
}

Deno.test("evaluate() equals loss and scores of all tiles in one batch", async () => {
  const model = tinyModel();
  const whole = join(await allBatches(loader));
  const { x, y } = batchTensors(whole);
  const logits = model.forward(x, { training: false });
  const prediction = logits.dataSync<"float32">();
  const evaluation = await evaluate(model, loader, { loss: bceWithLogits });
  assertAlmostEquals(
    evaluation.loss,
    bceWithLogits(logits, y).dataSync()[0]!,
    1e-6,
  );
  assertEquals(
    evaluation.scores,
    summarizeScores(
      addBatch(noScores, {
        prediction,
        target: whole.targets.object!,
        images: 5,
        threshold: 0,
      }),
    ),
  );
  // Counted by hand, pixel by pixel.
  const counts = { ...noPixels };
  prediction.forEach((value, i) => {
    const isObject = whole.targets.object![i] === 1, isFound = value > 0;
    if (isObject && isFound) counts.truePositive++;
    else if (isFound) counts.falsePositive++;
    else if (isObject) counts.falseNegative++;
    else counts.trueNegative++;
  });
  assertEquals(evaluation.scores.f1, f1(counts));
});

Deno.test("evaluate() weighs the losses of batches by their tiles", async () => {
  const model = tinyModel();
  // The Dice loss of a batch is not the mean of its tiles'.
  const loss = diceLoss(), losses: [tiles: number, loss: number][] = [];
  for (const batch of await allBatches(loader)) {
    const { x, y } = batchTensors(batch);
    const logits = model.forward(x, { training: false });
    losses.push([batch.shape[0], loss(logits, y).dataSync()[0]!]);
  }
  assertEquals(losses.map(([tiles]) => tiles), [2, 2, 1]);
  const sum = losses.reduce((sum, [tiles, loss]) => sum + tiles * loss, 0);
  const evaluation = await evaluate(model, loader, { loss });
  assertEquals(evaluation.loss, sum / 5);
});

Deno.test("evaluate() scores each head of a model on its own", async () => {
  const model = tinyModel({ task: borderTask }), rims = withRims(loader);
  const loss = lossOfHeads(borderTask.heads);
  const whole = join(await allBatches(rims));
  const { x, y } = batchTensors(whole, model);
  const { object, border } = whole.targets;
  // About half of each output's pixels get above the threshold.
  tf.tidy(() => {
    const mean = tf.mean(model.forward(x, { training: false }), [0, 1, 2]);
    model.weights.get("head.bias")!.assign(tf.neg(mean));
  });
  const logits = model.forward(x, { training: false });
  const values = logits.dataSync<"float32">();
  const scoresOf = (output: number, target: Float32Array) =>
    summarizeScores(addBatch(noScores, {
      prediction: object!.map((_, pixel) => values[2 * pixel + output]!),
      target,
      images: 5,
      threshold: 0,
    }));
  const { numTensors } = tf.memory();
  const { scores, headScores } = await evaluate(model, rims, { loss });
  assertEquals(tf.memory().numTensors, numTensors);
  assertEquals(scores, scoresOf(0, object!));
  assertEquals(headScores, { border: scoresOf(1, border!) });
  assertNotEquals(headScores.border, scores);
  const first = await predictBatch(model, whole);
  first.forEach((value, pixel) => assertEquals(value, values[2 * pixel]));
  assertEquals(first.length, object!.length);
  tf.dispose([x, y, logits]);
  // A loader without ground truth of a head is the programmer's mistake.
  await assertRejects(
    () => evaluate(model, loader, { loss }),
    TypeError,
    'Cannot use batch for head "border": found ground truth of object, expected that of "border" too; give createLoader() the option targets',
  );
});

Deno.test("evaluate() scores each data set as if there were no other, whatever batches hold", async () => {
  const model = tinyModel(), whole = join(await allBatches(loader));
  const sourceOf = (id: string) => /[13]$/.test(id) ? "odd" : "even";
  const { sourceScores } = await evaluate(model, loader, {
    loss: bceWithLogits,
    sourceOf,
  });
  const logits = await predictBatch(model, whole);
  const size = logits.length / 5;
  const scoresOf = (name: string) =>
    whole.ids.flatMap((id, at) => sourceOf(id) === name ? [at] : [])
      .map((at) => [at * size, (at + 1) * size] as const)
      .reduce((scores, range) =>
        addBatch(scores, {
          prediction: logits.subarray(...range),
          target: whole.targets.object!.subarray(...range),
          images: 1,
          threshold: 0,
        }), noScores);
  assertEquals(scoresOf("odd").images, 2);
  assertEquals(Object.keys(sourceScores).sort(), ["even", "odd"]);
  for (const [name, scores] of Object.entries(sourceScores)) {
    assertAlmostEquals(scores.f1, summarizeScores(scoresOf(name)).f1, 1e-3);
  }
  const { sourceScores: none } = await evaluate(model, loader, {
    loss: bceWithLogits,
  });
  assertEquals(none, {});
});

Deno.test("evaluate() averages the classes of a data set", async () => {
  const classes = ["background", "left", "right"];
  const model = tinyModel({
    task: classTask({ classes }),
  });
  const split: DataLoader = {
    ...loader,
    async *batches(epoch, from) {
      for await (const batch of loader.batches(epoch, from)) {
        const object = batch.targets.object!;
        const target = Float32Array.from(
          { length: 3 * object.length },
          (_, at) => {
            const pixel = Math.floor(at / 3);
            const right = pixel % 32 > 15 ? 2 : 1;
            return Number(at % 3 === (object[pixel]! > 0 ? right : 0));
          },
        );
        yield { ...batch, targets: { [model.task.heads[0]!.name]: target } };
      }
    },
  };
  const { scores, sourceScores } = await evaluate(model, split, {
    loss: lossOfHeads(model.task.heads),
    sourceOf: () => "all",
  });
  assertAlmostEquals(sourceScores.all!.f1, scores.f1, 1e-12);
  assertAlmostEquals(sourceScores.all!.f1PerImage, scores.f1PerImage, 1e-12);
});

/** The first prediction folds batch norm into kernels, which the model keeps. */
const black = {
  shape: [1, 32, 32] as const,
  x: new Float32Array(32 * 32 * 3),
};

Deno.test("evaluate() takes the first epoch, leaves the model as it is and no tensor behind", async () => {
  const model = tinyModel({ dropout: 0.5 });
  const epochs: [number, number | undefined][] = [];
  const watched: DataLoader = {
    ...loader,
    batches(epoch, from) {
      epochs.push([epoch, from]);
      return loader.batches(epoch, from);
    },
  };
  await predictBatch(model, black);
  const before = contentOf(model), { numTensors } = tf.memory();
  const first = await evaluate(model, watched, {
    // In tfjs' own functions, which leave tensors between.
    loss: (logits, target) => tf.mean(tf.square(tf.sub(logits, target))),
  });
  assertEquals(tf.memory().numTensors, numTensors);
  assertEquals(contentOf(model), before);
  assertEquals(epochs, [[0, undefined]]);
  const again = await evaluate(model, watched, { loss: bceWithLogits });
  assertEquals(again.scores, first.scores);
});

Deno.test("evaluate() refuses a loader that gives no tiles", async () => {
  const error = await assertRejects(
    () =>
      evaluate(tinyModel(), tinyLoader({ tiles: 0 }), { loss: bceWithLogits }),
    RangeError,
  );
  assertEquals(
    error.message,
    'Cannot evaluate model on "loader": found no tiles, expected one or more',
  );
});

Deno.test("evaluate() ends with the signal's reason before the next batch, and leaves no tensor behind", async () => {
  const model = tinyModel();
  await predictBatch(model, black);
  const { numTensors } = tf.memory();
  const controller = new AbortController(), reason = new Error("enough");
  let measured = 0;
  await assertRejects(
    () =>
      evaluate(model, loader, {
        loss: (logits, target) => {
          if (++measured === 2) controller.abort(reason);
          return bceWithLogits(logits, target);
        },
        signal: controller.signal,
      }),
    Error,
    "enough",
  );
  assertEquals(measured, 2);
  assertEquals(tf.memory().numTensors, numTensors);
});

Deno.test("evaluate() passes on a loss' or a model's fault, and leaves no tensor behind", async () => {
  const model = tinyModel();
  await predictBatch(model, black);
  const { numTensors } = tf.memory();
  const loss = () => {
    throw new TypeError("no loss");
  };
  await assertRejects(
    () => evaluate(model, loader, { loss }),
    TypeError,
    "no loss",
  );
  const [batch] = await allBatches(loader);
  const odd: Batch = { ...batch!, shape: [2, 16, 64] };
  await assertRejects(
    () =>
      evaluate(model, {
        ...loader,
        async *batches() {
          yield await Promise.resolve(odd);
        },
      }, { loss: bceWithLogits }),
    RangeError,
    "pad to 32 × 64",
  );
  assertEquals(tf.memory().numTensors, numTensors);
});

Deno.test("predictBatch() gives the logits of each tile, whatever else is in the batch", async () => {
  const model = tinyModel(), before = contentOf(model);
  await predictBatch(model, black);
  const { numTensors } = tf.memory();
  const batches = await allBatches(tinyLoader({ tiles: 3, batchSize: 1 }));
  const single: number[] = [];
  for (const batch of batches) single.push(...await predictBatch(model, batch));
  const logits = await predictBatch(model, join(batches));
  assertEquals(logits.length, 3 * 32 * 32);
  logits.forEach((value, i) => assertAlmostEquals(value, single[i]!, 1e-6));
  assertEquals(tf.memory().numTensors, numTensors);
  assertEquals(contentOf(model), before);
  await assertRejects(
    () => predictBatch(model, { shape: [1, 8, 8], x: new Float32Array(192) }),
    RangeError,
  );
  assertEquals(tf.memory().numTensors, numTensors);
});
