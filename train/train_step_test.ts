import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "@unet/data";
import type { Model } from "@unet/model";
import { createRandom } from "@unet/random";
import { adam } from "./optimizers/adam.ts";
import { bceWithLogits } from "./losses/bce_with_logits.ts";
import { contentOf, tinyLoader, tinyModel } from "./fixtures/tiny.ts";
import { sgd } from "./optimizers/sgd.ts";
import {
  batchTensors,
  trainStep,
  type TrainStepOptions,
} from "./train_step.ts";

await tf.setBackend("cpu");

async function firstBatch(): Promise<Batch> {
  for await (const batch of tinyLoader().batches(0)) return batch;
  throw new RangeError("no batch");
}

const batch = await firstBatch();

function step(
  model: Model,
  options: Partial<TrainStepOptions> = {},
  on: Batch = batch,
): Promise<number> {
  return trainStep(on, {
    model,
    loss: bceWithLogits,
    optimizer: sgd({ momentum: 0 }),
    rate: { learningRate: 0.1 },
    random: createRandom(0),
    ...options,
  });
}

/** The values of all weights that change by gradient. */
function parametersOf(model: Model): number[] {
  return model.trainable.flatMap((name) => [
    ...model.weights.get(name)!.dataSync(),
  ]);
}

/** The loss of a batch as training sees it. */
function lossOf(model: Model): number {
  return tf.tidy(() => {
    const { x, y } = batchTensors(batch);
    return bceWithLogits(model.forward(x, { training: true }), y)
      .dataSync()[0]!;
  });
}

Deno.test("trainStep() returns the loss before the step, and lowers it by what the gradient promises", async () => {
  const model = tinyModel();
  const before = parametersOf(model), loss = lossOf(model);
  const learningRate = 1e-3;
  assertEquals(await step(model, { rate: { learningRate } }), loss);
  const after = parametersOf(model);
  // A small step along the gradient g lowers the loss by rate · |g|².
  let squares = 0;
  after.forEach((value, i) => {
    squares += ((before[i]! - value) / learningRate) ** 2;
  });
  const promised = learningRate * squares;
  assert(promised > 1e-5, `${promised}`);
  assertAlmostEquals((loss - lossOf(model)) / promised, 1, 0.05);
});

Deno.test("trainStep() moves nothing but the running statistics at rate 0", async () => {
  const model = tinyModel(), before = contentOf(model);
  await step(model, { rate: { learningRate: 0 } });
  const changed = Object.entries(contentOf(model))
    .filter(([name, bits]) => bits !== before[name])
    .map(([name]) => name);
  assertEquals(
    changed,
    [...model.weights.keys()].filter((name) => name.includes(".running_")),
  );
});

Deno.test("trainStep() drops by the random numbers it is given", async () => {
  const loss = async (seed: number): Promise<number> =>
    await step(tinyModel({ dropout: 0.5 }), { random: createRandom(seed) });
  const one = await loss(1);
  assertEquals(await loss(1), one);
  assert(await loss(2) !== one);
});

for (const value of [NaN, Infinity]) {
  Deno.test(`trainStep() leaves weights and optimizer as they are on a loss of ${value}`, async () => {
    const model = tinyModel(), optimizer = adam();
    await step(model, { optimizer });
    const before = contentOf(model, optimizer);
    const x = batch.x.map(() => value);
    const loss = await step(model, { optimizer }, { ...batch, x });
    assert(!Number.isFinite(loss));
    const after = contentOf(model, optimizer);
    for (const [name, values] of Object.entries(before)) {
      if (name.includes(".running_")) continue;
      assertEquals(after[name], values, name);
    }
  });
}

Deno.test("trainStep() leaves no tensor behind and no weight changed where its input is wrong", async () => {
  const model = tinyModel({ dropout: 0.5 }), optimizer = sgd();
  await step(model, { optimizer });
  const { numTensors } = tf.memory();
  await step(model, { optimizer });
  assertEquals(tf.memory().numTensors, numTensors);
  const faults: [Partial<TrainStepOptions>, Batch, new () => Error][] = [
    [{}, { ...batch, shape: [2, 16, 64] }, RangeError],
    [
      {},
      { ...batch, targets: { object: batch.targets.object!.subarray(1) } },
      Error,
    ],
    [{}, { ...batch, targets: {} }, TypeError],
    [{ rate: { learningRate: -1 } }, batch, RangeError],
    [{ rate: { learningRate: NaN } }, batch, RangeError],
  ];
  for (const [options, on, kind] of faults) {
    const before = contentOf(model, optimizer);
    await assertRejects(() => step(model, { optimizer, ...options }, on), kind);
    assertEquals(tf.memory().numTensors, numTensors);
    const after = contentOf(model, optimizer);
    for (const name of model.trainable) {
      assertEquals(after[name], before[name], name);
    }
  }
});

Deno.test("batchTensors() lays out tiles and masks as [N, H, W, C]", () => {
  const { x, y } = batchTensors({
    shape: [2, 1, 3],
    x: Float32Array.from({ length: 18 }, (_, i) => i),
    targets: { object: Float32Array.from({ length: 6 }, (_, i) => i) },
    ids: ["a", "b"],
  });
  assertEquals([x.shape, y.shape], [[2, 1, 3, 3], [2, 1, 3, 1]]);
  assertEquals(x.arraySync()[1]![0]![2], [15, 16, 17]);
  assertEquals(y.arraySync()[1]![0]![2], [5]);
  tf.dispose([x, y]);
});

Deno.test("batchTensors() puts the ground truth of heads side by side, and weights apart", () => {
  const { x, y, weights } = batchTensors({
    shape: [1, 1, 3],
    x: new Float32Array(9),
    targets: {
      object: new Float32Array([1, 1, 0]),
      kind: new Float32Array([2, 3, 4, 5, 6, 7]),
    },
    weights: new Float32Array([2, 3, 4]),
    ids: ["a"],
  }, {
    task: {
      heads: [{ name: "kind", channels: 2 }, { name: "object", channels: 1 }],
    },
  });
  assertEquals(y.arraySync(), [[[[2, 3, 1], [4, 5, 1], [6, 7, 0]]]]);
  assertEquals(weights!.shape, [1, 1, 3, 1]);
  tf.dispose([x, y, weights!]);
});
