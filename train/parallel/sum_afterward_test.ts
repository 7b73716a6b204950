import { assert, assertEquals } from "@std/assert";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import {
  sharedMemoryCommunicator,
  shareRanks,
} from "../fixtures/memory_ranks.ts";
import { GradientSum, mostValues } from "./gradient_sum.ts";
import { sumAfterward } from "./sum_afterward.ts";

await tf.setBackend("cpu");

Deno.test("sumAfterward() sums lent gradients in their memory, long ones in parts, and copies of the others", async () => {
  const ranks = shareRanks(2, 2 ** 23), length = mostValues + 3;
  const results = await Promise.all([0, 1].map(async (rank) => {
    const communicator = sharedMemoryCommunicator(ranks, rank);
    const values = new Float32Array(length).map((_, i) => i % 7 + rank);
    const gradients = new Map([
      ["lent", tf.zeros([1])],
      ["copied", tf.tensor1d([1, 2 + rank])],
    ]);
    const summed = await sumAfterward(gradients, {
      communicator,
      lent: new Map([["lent", { values, order: "rows" }]]),
      sum: new GradientSum(communicator),
    });
    // Whoever lends has the sums in the tensor.
    assert(summed.get("lent") === gradients.get("lent"));
    return [values, [...summed.get("copied")!.dataSync()]] as const;
  }));
  for (const [values, copied] of results) {
    assert(values.every((value, i) => value === 2 * (i % 7) + 1));
    assertEquals(copied, [2, 5]);
  }
});
