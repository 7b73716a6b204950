import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { DataLoader } from "@unet/data";
import { registerGradients } from "@unet/device/gradients";
import { FileError, TrainingError } from "@unet/errors";
import { adam } from "./optimizers/adam.ts";
import { bceWithLogits } from "./losses/bce_with_logits.ts";
import { saveCheckpoint } from "./run/checkpoint.ts";
import { constant } from "./schedules/constant.ts";
import { cosine } from "./schedules/cosine.ts";
import type { EpochRow } from "./run/epoch_row.ts";
import { evaluate } from "./metrics/evaluate.ts";
import {
  contentOf,
  filesIn,
  learningPlan,
  temporaryFolder,
  tinyLoader,
  tinyModel,
  withoutSeconds,
} from "./fixtures/tiny.ts";
import { recordOf, trainerOf } from "./fixtures/trainer_of.ts";
import { sgd } from "./optimizers/sgd.ts";
import type { StepReport, TrainerOptions } from "./trainer.ts";
import { initialState, type TrainingState } from "./run/training_state.ts";

await tf.setBackend("cpu");

/** A loader whose batches of one epoch are changed from the given one on. */
function spoil(loader: DataLoader, epoch: number, from: number): DataLoader {
  return {
    ...loader,
    async *batches(at, start = 0) {
      let index = start;
      for await (const batch of loader.batches(at, start)) {
        const isSpoilt = at === epoch && index++ >= from;
        yield isSpoilt ? { ...batch, x: batch.x.map(() => NaN) } : batch;
      }
    },
  };
}

Deno.test("Trainer learns a tiny set by heart: the loss falls below a quarter of the first epoch's", async () => {
  const { rows } = await trainerOf({
    model: tinyModel(learningPlan),
    optimizer: adam(),
    scheduler: constant({ learningRate: 0.03 }),
    epochs: 12,
  }).fit();
  const first = rows[0]!.loss!, last = rows.at(-1)!.loss!;
  assertLess(last, first / 4);
});

/** What a training of six epochs reported, and how it ended. */
const events: [string, unknown][] = [];
const epochs = 6, batches = 2;
let ended: TrainingState;

Deno.test.beforeAll(async () => {
  ended = await trainerOf({
    model: tinyModel(learningPlan),
    epochs,
    scheduler: cosine({ epochs: 12, maxLearningRate: 0.1 }),
    record: recordOf(events),
    onStep: (report) => events.push(["step", report]),
    onEpoch: async ({ row, isBest }) => {
      await Promise.resolve();
      events.push([isBest ? "best epoch" : "epoch", row]);
    },
  }).fit();
});

Deno.test("Trainer.fit() reports steps, then the best, the last, the rows and the epoch", () => {
  const names = events.map(([name]) => name);
  let at = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const isBest = names[at + batches] === "best";
    const expected = [
      ...Array(batches).fill("step"),
      ...isBest ? ["best"] : [],
      ...["last", "rows", isBest ? "best epoch" : "epoch"],
    ];
    assertEquals(names.slice(at, at + expected.length), expected);
    at += expected.length;
  }
  assertEquals(at, names.length);
});

function recorded<T>(name: string): T[] {
  return events.filter(([own]) => own === name).map(([, what]) => what as T);
}

Deno.test("Trainer.fit() saves as best what is better than all before, and nothing else", () => {
  let best: TrainingState["best"] = null;
  const expected: TrainingState["best"][] = [];
  for (const { epoch, f1 } of ended.rows) {
    if (best !== null && f1 <= best.f1) continue;
    best = { epoch, f1 };
    expected.push(best);
  }
  const saved = recorded<TrainingState>("best").map((state) => state.best);
  assertEquals(saved, expected);
  assertEquals(ended.best, best);
  // Both happened.
  assert(saved.length > 1 && saved.length < epochs, `${saved.length}`);
});

Deno.test("Trainer.fit() counts an epoch that is as good as the best as no better", async () => {
  const events: [string, unknown][] = [];
  const { rows } = await trainerOf({
    model: tinyModel({ network: "vgg16", batchNorm: false }),
    trainDataloader: tinyLoader({ tiles: 1 }),
    scheduler: constant({ learningRate: 0 }),
    epochs: 2,
    record: recordOf(events),
  }).fit();
  assertEquals(rows[0]!.f1, rows[1]!.f1);
  assertEquals(events.map(([name]) => name), [
    ...["best", "last", "rows"],
    ...["last", "rows"],
  ]);
});

Deno.test("Trainer.fit() saves states of whole epochs, the same as best and last", () => {
  const states = recorded<TrainingState>("last");
  states.forEach((state, i) => {
    const { epoch, batch, step, lossSum, seconds, rows } = state;
    assertEquals(
      { epoch, batch, step, lossSum, seconds },
      {
        epoch: i + 1,
        batch: 0,
        step: batches * (i + 1),
        lossSum: 0,
        seconds: 0,
      },
    );
    assertEquals(rows, ended.rows.slice(0, i + 1));
  });
  assertEquals(states.length, epochs);
  assertStrictEquals(states.at(-1), ended);
  for (const best of recorded<TrainingState>("best")) {
    assertStrictEquals(best, states[best.epoch - 1]);
  }
  assertEquals(recorded<EpochRow[]>("rows"), states.map(({ rows }) => rows));
});

Deno.test("Trainer.fit() reports each step, with the mean loss so far", () => {
  const reports = recorded<StepReport>("step");
  const { at } = cosine({ epochs: 12, maxLearningRate: 0.1 });
  reports.forEach((report, step) => {
    const { epoch, batch, learningRate, seconds } = report;
    assertEquals(
      { epoch, batch, batches: report.batches, learningRate },
      {
        epoch: 1 + Math.floor(step / batches),
        batch: 1 + step % batches,
        batches,
        ...at(step, batches),
      },
    );
    assert(seconds > 0);
  });
  assertEquals(reports.length, epochs * batches);
  ended.rows.forEach((row, i) => {
    const last = reports[batches * (i + 1) - 1]!;
    assertEquals(row.loss, last.loss);
    assertEquals(row.learningRate, last.learningRate);
    assertEquals(row.step, batches * (i + 1));
  });
});

Deno.test("Trainer.fit() takes the mean of the losses of an epoch's batches", async () => {
  const losses: number[] = [], reported: number[] = [];
  const { rows } = await trainerOf({
    trainDataloader: tinyLoader({ tiles: 3, batchSize: 1 }),
    testDataloader: tinyLoader({ tiles: 1 }),
    loss(logits, target) {
      const value = bceWithLogits(logits, target);
      losses.push(value.dataSync()[0]!);
      return value;
    },
    onStep: ({ loss }) => reported.push(loss),
    epochs: 2,
  }).fit();
  const mean = (from: number, to: number): number =>
    losses.slice(from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);
  // Three batches to train on and one to validate on, twice.
  assertEquals(losses.length, 8);
  assertEquals(rows.map(({ loss }) => loss), [mean(0, 3), mean(4, 7)]);
  assertEquals(rows.map((row) => row.validationLoss), [losses[3], losses[7]]);
  assertEquals(reported, [
    ...[mean(0, 1), mean(0, 2), mean(0, 3)],
    ...[mean(4, 5), mean(4, 6), mean(4, 7)],
  ]);
});

Deno.test("Trainer.fit() asks for no validation tile once it was aborted in a step", async () => {
  const controller = new AbortController();
  const state = await trainerOf({
    testDataloader: {
      ...tinyLoader(),
      batches: () => {
        throw new RangeError("asked");
      },
    },
    signal: controller.signal,
    onStep: ({ batch }) => batch === 2 && controller.abort(),
  }).fit();
  assertEquals([state.epoch, state.batch], [0, 2]);
});

Deno.test("Trainer.fit() writes down what evaluate() measures, and the time both took", async () => {
  const model = tinyModel(), loader = tinyLoader();
  const seconds: number[] = [];
  const { rows: [row] } = await trainerOf({
    model,
    trainDataloader: loader,
    testDataloader: tinyLoader({ tiles: 3, seed: 1 }),
    onStep: (report) => seconds.push(report.seconds),
  }).fit();
  const { loss, scores } = await evaluate(
    model,
    tinyLoader({ tiles: 3, seed: 1 }),
    { loss: bceWithLogits },
  );
  const { f1, f1PerImage, iou, precision, recall } = row!;
  assertEquals({ f1, f1PerImage, iou, precision, recall }, scores);
  assertEquals(row!.validationLoss, loss);
  assert(row!.seconds > seconds.reduce((sum, one) => sum + one));
});

Deno.test("Trainer.fit() continues where it stands, and does nothing once it is done", async () => {
  const events: [string, unknown][] = [];
  const state: TrainingState = { ...initialState, epoch: 3, step: 6 };
  const model = tinyModel(), before = contentOf(model);
  const done = trainerOf({ model, epochs: 3, state, record: recordOf(events) });
  assertStrictEquals(await done.fit(), state);
  assertEquals(contentOf(model), before);
  const trainer = trainerOf({ model, epochs: 4, state });
  assertEquals((await trainer.fit()).epoch, 4);
  assertEquals(trainer.state.step, 8);
  assertStrictEquals(await trainer.fit(), trainer.state);
  assertEquals(events, []);
});

Deno.test("Trainer.fit() does nothing when it was aborted before", async () => {
  const events: [string, unknown][] = [];
  const trainer = trainerOf({
    signal: AbortSignal.abort(),
    record: recordOf(events),
  });
  assertStrictEquals(await trainer.fit(), initialState);
  assertEquals(events, []);
});

Deno.test("Trainer.fit() saves every so many steps within an epoch, and after it", async () => {
  const events: [string, unknown][] = [];
  await trainerOf({
    trainDataloader: tinyLoader({ tiles: 6, batchSize: 1 }),
    testDataloader: tinyLoader({ tiles: 1 }),
    saveEvery: 2,
    record: recordOf(events),
  }).fit();
  assertEquals(
    events.filter(([name]) => name === "last").map(([, state]) => {
      const { epoch, batch, step } = state as TrainingState;
      return [epoch, batch, step];
    }),
    [[0, 2, 2], [0, 4, 4], [1, 0, 6]],
  );
});

Deno.test("Trainer.fit() stops on a loss that is not a number, and keeps the last checkpoint", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/last`, model = tinyModel(), optimizer = sgd();
  let saved: Record<string, Uint8Array> = {}, weights = {};
  const trainer = trainerOf({
    model,
    optimizer,
    trainDataloader: spoil(tinyLoader({ tiles: 3, batchSize: 1 }), 1, 1),
    testDataloader: tinyLoader({ tiles: 1 }),
    epochs: 2,
    saveEvery: 1,
    record: recordOf([], async (state) => {
      await saveCheckpoint(path, { model, optimizer }, state);
      saved = await filesIn(path);
      weights = parametersOf(model);
    }),
  });
  const error = await assertRejects(() => trainer.fit(), TrainingError);
  assertEquals(
    error.message,
    'Cannot continue training at epoch "2": found loss NaN at step 5, ' +
      "learning rate 0.100, expected finite numbers; lower the learning rate",
  );
  assertEquals(trainer.state.step, 4);
  assertEquals(Object.keys(saved).length, 3);
  assertEquals(await filesIn(path), saved);
  assertEquals(parametersOf(model), weights);
});

Deno.test("Trainer.fit() stops on an infinite loss", async () => {
  const model = tinyModel();
  tf.tidy(() => model.weights.get("head.bias")!.assign(tf.tensor1d([3e38])));
  const trainer = trainerOf({
    model,
    scheduler: constant({ learningRate: 0.4 }),
  });
  await assertRejects(
    () => trainer.fit(),
    TrainingError,
    'at epoch "1": found loss Infinity at step 1, learning rate 0.400, ',
  );
});

Deno.test("Trainer.fit() stops on a validation loss that is not a number, before it saves", async () => {
  const events: [string, unknown][] = [];
  const trainer = trainerOf({
    testDataloader: spoil(tinyLoader(), 0, 1),
    record: recordOf(events),
  });
  await assertRejects(
    () => trainer.fit(),
    TrainingError,
    'at epoch "1": found validation loss NaN at step 2, learning rate 0.100, ',
  );
  assertEquals(events, []);
});

Deno.test("Trainer.fit() saves no weight that is not finite, though the loss is", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/last`, model = tinyModel(), optimizer = sgd();
  const name = "encoder.features.1.bias";
  // ReLU makes 0 of it, and its gradient 0.
  tf.tidy(() => {
    const offset = model.weights.get(name)!;
    offset.assign(tf.fill(offset.shape, -Infinity));
  });
  const trainer = trainerOf({
    model,
    saveEvery: 1,
    record: recordOf(
      [],
      (state) => saveCheckpoint(path, { model, optimizer }, state),
    ),
  });
  const error = await assertRejects(
    () => trainer.fit(),
    TrainingError,
    'at epoch "1": found weights that are not finite at step 1, ',
  );
  assertInstanceOf(error.cause, TrainingError);
  assertEquals(
    error.cause.message,
    `Cannot save checkpoint "${path}": found non-finite weights "${name}", ` +
      "expected a training that converges; lower the learning rate; " +
      "the last good checkpoint is kept",
  );
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("Trainer.fit() passes on what keeps a checkpoint from being written", async () => {
  await using folder = await temporaryFolder();
  const model = tinyModel(), optimizer = sgd();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  const trainer = trainerOf({
    model,
    optimizer,
    record: recordOf(
      [],
      (state) =>
        saveCheckpoint(`${folder.path}/file/last`, { model, optimizer }, state),
    ),
  });
  const error = await assertRejects(() => trainer.fit(), FileError);
  assertStringIncludes(error.message, `folder "${folder.path}/file/last"`);
});

for (
  const [name, options, found] of [
    ["no epochs", { epochs: 0 }, '"epochs": found 0'],
    ["epochs below none", { epochs: -1 }, '"epochs": found -1'],
    ["half an epoch", { epochs: 1.5 }, '"epochs": found 1.5'],
    ["epochs that are no number", { epochs: NaN }, '"epochs": found NaN'],
    [
      "statistics of no batches",
      { batchNormBatches: 0 },
      '"batchNormBatches": found 0',
    ],
    ["saving every 0 steps", { saveEvery: 0 }, '"saveEvery": found 0'],
    [
      "a training loader without batches",
      { trainDataloader: tinyLoader({ tiles: 0 }) },
      '"trainDataloader.length": found 0',
    ],
    [
      "a validation loader without batches",
      { testDataloader: tinyLoader({ tiles: 0 }) },
      '"testDataloader.length": found 0',
    ],
  ] as const
) {
  Deno.test(`Trainer refuses ${name}`, () => {
    const model = tinyModel();
    const error = assertThrows(
      () => trainerOf({ model, ...options }),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot train with setting ${found}, expected a whole number from 1`,
    );
    model.dispose();
  });
}

Deno.test("Trainer refuses to continue after a batch that the epochs do not have", () => {
  const error = assertThrows(
    () => trainerOf({ state: { ...initialState, batch: 3, step: 3 } }),
    TrainingError,
  );
  assertEquals(
    error.message,
    'Cannot continue training after batch "3": found epochs of 2 batches, ' +
      "expected the data and the batch size that it began with",
  );
});

for (const [found, length] of [["fewer", 3], ["more", 1]] as const) {
  Deno.test(`Trainer.fit() refuses a loader that gives ${found} batches than its length`, async () => {
    const events: [string, unknown][] = [];
    const trainer = trainerOf({
      trainDataloader: { ...tinyLoader(), length },
      record: recordOf(events),
    });
    const error = await assertRejects(() => trainer.fit(), RangeError);
    assertEquals(
      error.message,
      `Cannot train with loader "trainDataloader": found ${found} batches ` +
        `than its length, expected ${length}`,
    );
    assertEquals(events, []);
  });
}

Deno.test("Trainer.fit() leaves no tensor behind over 20 steps", async () => {
  const before = tf.memory().numTensors;
  const model = tinyModel({ dropout: 0.2 }), optimizer = adam();
  const counts = new Set<number>();
  // After validation the model keeps the kernels that it folded.
  const folded = new Set<number>();
  await trainerOf({
    model,
    optimizer,
    trainDataloader: tinyLoader({ tiles: 10, batchSize: 1 }),
    testDataloader: tinyLoader({ tiles: 1 }),
    epochs: 2,
    onStep: () => counts.add(tf.memory().numTensors),
    onEpoch: () => void folded.add(tf.memory().numTensors),
  }).fit();
  assertEquals([counts.size, folded.size], [1, 1]);
  optimizer.dispose();
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("Trainer.fit() leaves a frozen encoder as it is, its statistics too", async () => {
  const model = tinyModel({ freezeEncoder: true }), optimizer = sgd();
  const before = contentOf(model);
  await trainerOf({ model, optimizer }).fit();
  const after = contentOf(model);
  for (const [name, bits] of Object.entries(before)) {
    if (name.startsWith("encoder.")) assertEquals(after[name], bits, name);
    else if (name.endsWith("running_mean")) assert(after[name] !== bits, name);
  }
  assert(after["head.bias"] !== before["head.bias"]);
  const slots = [...optimizer.state().keys()];
  assertEquals(slots, model.trainable.map((name) => `momentum/${name}`));
  assertEquals(slots.filter((name) => name.includes("encoder")), []);
});

Deno.test("Trainer.fit() keeps the plan's first blocks as they are until unfreezeAt", async () => {
  const model = tinyModel({ freezeEncoder: 3 }), optimizer = sgd();
  const start = contentOf(model);
  const changed = (name: string) => contentOf(model)[name] !== start[name];
  const options = { model, optimizer, unfreezeAt: 2 };
  const state = await trainerOf({ ...options, epochs: 1 }).fit();
  // The fourth block of VGG-16 with batch norm begins at 24.
  const third = "encoder.features.20.weight";
  const fourth = "encoder.features.24.weight";
  assertEquals([changed(third), changed(fourth)], [false, true]);
  model.freezeEncoder(3);
  await trainerOf({ ...options, epochs: 2, state }).fit();
  assertEquals([changed(third), changed(fourth)], [true, true]);
  optimizer.dispose();
  model.dispose();
});

Deno.test("Trainer.fit() trains on a loss of one's own in tfjs' functions", async () => {
  registerGradients();
  const before = tf.memory().numTensors;
  const model = tinyModel(learningPlan), optimizer = adam();
  const { rows } = await trainerOf({
    model,
    optimizer,
    loss: (logits, target) =>
      tf.mean(tf.square(tf.sub(tf.sigmoid(logits), target))),
    scheduler: constant({ learningRate: 0.03 }),
    epochs: 4,
  }).fit();
  assertLess(rows[3]!.loss!, 0.8 * rows[0]!.loss!);
  optimizer.dispose();
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("Trainer.fit() gives the same for the same seed, another for another", async () => {
  const run = async (seed: number) => {
    const model = tinyModel({ dropout: 0.5 });
    const state = await trainerOf({ model, seed }).fit();
    return { state: withoutSeconds(state), weights: contentOf(model) };
  };
  const one = await run(1);
  assertEquals(await run(1), one);
  assert((await run(2)).state.rows[0]!.loss !== one.state.rows[0]!.loss);
});

Deno.test("Trainer.fit() averages batch norm's statistics without any effect on training", async () => {
  const run = async (options: Partial<TrainerOptions>) => {
    const model = tinyModel({ dropout: 0.5 });
    const { rows } = await trainerOf({ model, epochs: 2, ...options }).fit();
    return { rows, parameters: parametersOf(model), all: contentOf(model) };
  };
  const moving = await run({});
  const averaged = await run({ batchNormBatches: 2 });
  assertEquals(averaged.parameters, moving.parameters);
  assert(JSON.stringify(averaged.all) !== JSON.stringify(moving.all));
  for (const [index, { loss, validationLoss }] of averaged.rows.entries()) {
    assertEquals(loss, moving.rows[index]!.loss);
    assert(validationLoss !== moving.rows[index]!.validationLoss);
  }
});

/** The weights that change by gradient. */
function parametersOf(model: TrainerOptions["model"]): Record<string, unknown> {
  const all = contentOf(model);
  return Object.fromEntries(model.trainable.map((name) => [name, all[name]]));
}
