import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { DataLoader } from "@unet/data";
import { constant } from "./schedules/constant.ts";
import { contentOf, tinyLoader, tinyModel } from "./fixtures/tiny.ts";
import { trainerOf } from "./fixtures/trainer_of.ts";
import { initialState } from "./run/training_state.ts";
import { updateBatchNorm } from "./update_batch_norm.ts";

await tf.setBackend("cpu");

Deno.test("Trainer.fit() draws dropout anew in each step", async () => {
  const losses: number[] = [];
  const sums: number[] = [];
  await trainerOf({
    model: tinyModel({ dropout: 0.5 }),
    // The same batch each time, and weights that stay: only dropout differs.
    trainDataloader: sameBatch(),
    scheduler: constant({ learningRate: 0 }),
    epochs: 4,
    onStep: ({ loss }) => losses.push(loss),
    onEpoch: ({ row }) => void sums.push(row.loss!),
  }).fit();
  assertEquals(losses, sums);
  assertEquals(new Set(losses).size, 4);
});

Deno.test("Trainer.fit() averages batch norm's statistics over batches of the epoch to come", async () => {
  const loader = tinyLoader(), asked: number[] = [];
  const model = tinyModel();
  const options = {
    ...{ model, batchNormBatches: 1 },
    testDataloader: tinyLoader({ tiles: 1 }),
    trainDataloader: {
      ...loader,
      batches(epoch: number, from?: number) {
        asked.push(epoch);
        return loader.batches(epoch, from);
      },
    },
  };
  for (let epoch = 0; epoch < 3; epoch++) {
    const state = { ...initialState, epoch, step: epoch * loader.length };
    await trainerOf({ ...options, state, epochs: epoch + 1 }).fit();
    assertEquals(asked.splice(0), [epoch, epoch + 1]);
    // Weights are the same, so statistics depend on the batch alone.
    const found = contentOf(model);
    const settle = async (epoch: number) => {
      await updateBatchNorm(model, loader.batches(epoch), { limit: 1 });
      return contentOf(model);
    };
    assert(!sameContent(await settle(epoch), found));
    assertEquals(await settle(epoch + 1), found);
  }
});

Deno.test("Trainer.fit() drops other features in each epoch while statistics are averaged", async () => {
  const model = tinyModel({ dropout: 0.5 }),
    seen: Record<string, string>[] = [];
  await trainerOf({
    model,
    trainDataloader: sameBatch(),
    scheduler: constant({ learningRate: 0 }),
    batchNormBatches: 1,
    epochs: 3,
    onEpoch: () => void seen.push(contentOf(model)),
  }).fit();
  assertEquals(new Set(seen.map((one) => JSON.stringify(one))).size, 3);
});

/** Two tiles, in one order in each epoch. */
function sameBatch(): DataLoader {
  const loader = tinyLoader({ tiles: 2 });
  return { ...loader, batches: (_, from) => loader.batches(0, from) };
}

/** Whether two models have the same bits. */
function sameContent(
  a: Record<string, string>,
  b: Record<string, string>,
): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
