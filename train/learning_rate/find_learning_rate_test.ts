import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { DataLoader } from "@unet/data";
import { createRandom } from "@unet/random";
import { bceWithLogits } from "../losses/bce_with_logits.ts";
import {
  findLearningRate,
  type FindLearningRateOptions,
} from "./find_learning_rate.ts";
import { contentOf, tinyLoader, tinyModel } from "../fixtures/tiny.ts";
import {
  hasDiverged,
  rangeTestPoints,
  rangeTestRates,
} from "./learning_rate_range.ts";
import { sgd } from "../optimizers/sgd.ts";
import { trainStep } from "../train_step.ts";

await tf.setBackend("cpu");

function find(
  options: Partial<FindLearningRateOptions> = {},
): ReturnType<typeof findLearningRate> {
  return findLearningRate({
    model: options.model ?? tinyModel(),
    optimizer: sgd(),
    loss: bceWithLogits,
    loader: tinyLoader({ tiles: 3 }),
    rates: rangeTestRates({ minimum: 1e-4, maximum: 1e-2, steps: 5 }),
    ...options,
  });
}

Deno.test("findLearningRate() takes a step at each rate, epoch after epoch", async () => {
  const rates = rangeTestRates({ minimum: 1e-4, maximum: 1e-2, steps: 5 });
  const dropped = { dropout: 0.3 };
  // The same by hand: two batches an epoch.
  const model = tinyModel(dropped), optimizer = sgd();
  const losses: number[] = [];
  for (const epoch of [0, 1, 2]) {
    for await (const batch of tinyLoader({ tiles: 3 }).batches(epoch)) {
      if (losses.length === 5) break;
      losses.push(
        await trainStep(batch, {
          model,
          optimizer,
          loss: bceWithLogits,
          rate: { learningRate: rates[losses.length]! },
          random: createRandom(3, losses.length),
        }),
      );
    }
  }
  const steps: [number, number][] = [];
  const found = tinyModel(dropped), { numTensors } = tf.memory();
  const points = await find({
    model: found,
    rates,
    seed: 3,
    onStep: (done, loss) => steps.push([done, loss]),
  });
  assertEquals(points, rangeTestPoints(rates, losses));
  assertEquals(steps, losses.map((loss, i) => [i + 1, loss]));
  assertEquals(contentOf(found), contentOf(model));
  // No more than the velocities.
  assertEquals(tf.memory().numTensors, numTensors + found.trainable.length);
});

Deno.test("findLearningRate() stops where the loss blows up", async () => {
  const rates = rangeTestRates({ minimum: 1e-2, maximum: 1e9, steps: 40 });
  const points = await find({ rates });
  assertLess(points.length, rates.length);
  const smoothed = points.map(({ smoothedLoss }) => smoothedLoss);
  assert(hasDiverged(smoothed));
  assert(!hasDiverged(smoothed.slice(0, -1)));
});

Deno.test("findLearningRate() stops at a loss that is not a number, and keeps the points", async () => {
  const loader = tinyLoader({ tiles: 3 });
  const spoilt: DataLoader = {
    ...loader,
    async *batches(epoch, from) {
      for await (const batch of loader.batches(epoch, from)) {
        yield epoch === 1 ? { ...batch, x: batch.x.map(() => NaN) } : batch;
      }
    },
  };
  const points = await find({ loader: spoilt });
  assertEquals(points.map(({ loss }) => Number.isFinite(loss)), [
    ...[true, true],
    false,
  ]);
});

Deno.test("findLearningRate() ends after the step that it was aborted in", async () => {
  const controller = new AbortController();
  const points = await find({
    signal: controller.signal,
    onStep: (done) => done === 2 && controller.abort(),
  });
  assertEquals(points.length, 2);
});

Deno.test("findLearningRate() does nothing without rates", async () => {
  const model = tinyModel(), before = contentOf(model);
  assertEquals(await find({ model, rates: [] }), []);
  assertEquals(contentOf(model), before);
});

Deno.test("findLearningRate() refuses a loader that gives no batches", async () => {
  const error = await assertRejects(
    () => find({ loader: tinyLoader({ tiles: 0 }) }),
    RangeError,
  );
  assertEquals(
    error.message,
    'Cannot take batches of "loader": found none in epoch 0, expected one or more',
  );
});
