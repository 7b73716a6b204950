import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { adam } from "./optimizers/adam.ts";
import { bceWithLogits } from "./losses/bce_with_logits.ts";
import { saveCheckpoint } from "./run/checkpoint.ts";
import { constant } from "./schedules/constant.ts";
import { DivergedError } from "./diverged_error.ts";
import type { EpochRow } from "./run/epoch_row.ts";
import { evaluate } from "./metrics/evaluate.ts";
import {
  contentOf,
  learningPlan,
  temporaryFolder,
  tinyLoader,
  tinyModel,
} from "./fixtures/tiny.ts";
import { recordOf, trainerOf } from "./fixtures/trainer_of.ts";
import { sgd } from "./optimizers/sgd.ts";
import { initialState, type TrainingState } from "./run/training_state.ts";

await tf.setBackend("cpu");

Deno.test("Trainer.fit() scores the model before its first step as epoch 0, and trains as if it had not", async () => {
  const run = async (scoreStart: boolean) => {
    const events: [string, unknown][] = [];
    const model = tinyModel({ dropout: 0.3 });
    const fresh = await evaluate(tinyModel({ dropout: 0.3 }), tinyLoader(), {
      loss: bceWithLogits,
    });
    const state = await trainerOf({
      ...{ model, scoreStart, epochs: 2, batchNormBatches: 2 },
      record: recordOf(events),
      onEpoch: ({ row, evaluation }) => {
        events.push(["epoch", row.epoch]);
        if (row.epoch === 0) assertEquals(evaluation, fresh);
      },
    }).fit();
    return { events, fresh, rows: state.rows, content: contentOf(model) };
  };
  const plain = await run(false), scored = await run(true);
  const [first, ...rest] = scored.rows;
  const { f1, f1PerImage, iou, precision, recall } = scored.fresh.scores;
  assertEquals({ ...first!, seconds: 0 }, {
    ...{ epoch: 0, step: 0, loss: null, validationLoss: scored.fresh.loss },
    ...{ f1, f1PerImage, iou, precision, recall },
    ...{ learningRate: null, seconds: 0 },
  });
  const timeless = (rows: readonly EpochRow[]) =>
    rows.map((row) => ({ ...row, seconds: 0 }));
  assertEquals(timeless(rest), timeless(plain.rows));
  assertEquals(scored.content, plain.content);
  assertEquals(scored.events.slice(0, 4).map(([name]) => name), [
    ...["best", "last", "rows", "epoch"],
  ]);
  const { best, epoch, step } = scored.events[0]![1] as TrainingState;
  assertEquals([best, epoch, step], [{ epoch: 0, f1 }, 0, 0]);
});

Deno.test("Trainer.fit() scores no start of a state that has steps or rows", async () => {
  const model = tinyModel({ network: "vgg16", batchNorm: false });
  const still = { model, scheduler: constant({ learningRate: 0 }) };
  const { rows } = await trainerOf({ ...still, scoreStart: true }).fit();
  const [start] = rows;
  for (
    const state of [
      { ...initialState, rows: [start!], best: { epoch: 0, f1: start!.f1 } },
      { ...initialState, batch: 1, step: 1 },
    ]
  ) {
    const ended = await trainerOf({ ...still, state, scoreStart: true }).fit();
    assertEquals(ended.rows.length, state.rows.length + 1);
    assertEquals(ended.rows.at(-1)!.epoch, 1);
  }
});

Deno.test("Trainer.fit() keeps the start as best where training makes the model worse", async () => {
  const model = tinyModel(learningPlan), events: [string, unknown][] = [];
  const parts = { model, optimizer: adam() };
  await trainerOf({
    ...parts,
    epochs: 6,
    scheduler: constant({ learningRate: 0.03 }),
  }).fit();
  const before = contentOf(model);
  let kept: Record<string, string> | undefined;
  const { best, rows } = await trainerOf({
    model,
    epochs: 2,
    scoreStart: true,
    scheduler: constant({ learningRate: 50 }),
    record: {
      ...recordOf(events),
      saveBest: async () =>
        void (kept = await Promise.resolve(contentOf(model))),
    },
  }).fit();
  assertEquals(best, { epoch: 0, f1: rows[0]!.f1 });
  assert(rows.slice(1).every(({ f1 }) => f1 < best!.f1), JSON.stringify(rows));
  assertEquals(kept, before);
});

Deno.test("Trainer.fit() aborted while it scores the start saves nothing of it, and scores again", async () => {
  const controller = new AbortController(), loader = tinyLoader();
  const events: [string, unknown][] = [];
  const trainer = trainerOf({
    ...{ scoreStart: true, signal: controller.signal },
    testDataloader: {
      ...loader,
      async *batches(epoch, from) {
        controller.abort();
        yield* loader.batches(epoch, from);
      },
    },
    record: recordOf(events),
  });
  assertStrictEquals(await trainer.fit(), initialState);
  assertEquals(events, []);
});

Deno.test("Trainer.fit() refuses a start whose numbers are not finite, before any step", async () => {
  const start = async (name: string) => {
    const model = tinyModel(), optimizer = sgd();
    tf.tidy(() => {
      const weight = model.weights.get(name)!;
      weight.assign(tf.fill(weight.shape, -Infinity));
    });
    await using folder = await temporaryFolder();
    const path = `${folder.path}/last`;
    const trainer = trainerOf({
      ...{ model, optimizer, scoreStart: true },
      record: recordOf(
        [],
        (state) => saveCheckpoint(path, { model, optimizer }, state),
      ),
    });
    const { at, message } = await assertRejects(
      () => trainer.fit(),
      DivergedError,
    );
    assertEquals([at.epoch, at.step, at.learningRate], [0, 0, null]);
    return message;
  };
  assertEquals(
    await start("head.bias"),
    'Cannot train network from "its weights": found validation loss NaN ' +
      "before the first step, expected finite numbers; start from other weights",
  );
  // ReLU makes 0 of it, so that the loss is finite.
  assertStringIncludes(
    await start("encoder.features.1.bias"),
    "found weights that are not finite before the first step",
  );
});

Deno.test("Trainer refuses to train on another device than the one it was given", async () => {
  const model = tinyModel(), before = contentOf(model);
  for (const scoreStart of [false, true]) {
    const trainer = trainerOf({ model, scoreStart, device: { name: "wasm" } });
    const error = await assertRejects(() => trainer.fit(), RangeError);
    assertEquals(
      error.message,
      'Cannot train on device "wasm": found tfjs computing on "cpu", expected the device that was opened last',
    );
  }
  assertEquals(contentOf(model), before);
});
