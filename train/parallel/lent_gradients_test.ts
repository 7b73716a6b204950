import { assertEquals } from "@std/assert";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import {
  sharedMemoryCommunicator,
  shareRanks,
} from "../fixtures/memory_ranks.ts";
import { LentGradients } from "./lent_gradients.ts";

function lentIn(order: string) {
  return new Map([["w", { values: new Float32Array(4), order }]]);
}

/** What two ranks that lend in these orders agree on. */
async function agreed(orders: readonly [string, string]) {
  const ranks = shareRanks(2);
  return await Promise.all(orders.map(async (order, rank) => {
    const lent = lentIn(order), gradients = new LentGradients();
    const before = gradients.isKnown(lent);
    const communicator = sharedMemoryCommunicator(ranks, rank);
    const isCommon = await gradients.agree(lent, communicator);
    return [before, isCommon, gradients.isKnown(lent)];
  }));
}

Deno.test("ranks sum in the device's memory where all keep gradients in the same order, and know it from then on", async () => {
  const common = [false, true, true];
  assertEquals(await agreed(["rows", "rows"]), [common, common]);
  const apart = [false, false, false];
  assertEquals(await agreed(["rows", "blocks of 16"]), [apart, apart]);
});

Deno.test("a device that lends no memory needs no agreement", async () => {
  await tf.setBackend("cpu");
  const gradients = new LentGradients();
  const lent = gradients.lend(new Map([["w", tf.zeros([200, 200])]]));
  assertEquals([lent.size, gradients.isKnown(lent)], [0, true]);
});
