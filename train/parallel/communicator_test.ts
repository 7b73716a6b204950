import { assertEquals, assertRejects } from "@std/assert";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import {
  sharedMemoryCommunicator,
  shareRanks,
} from "../fixtures/memory_ranks.ts";
import { trainerOf } from "../fixtures/trainer_of.ts";
import { type Communicator, singleProcess } from "./communicator.ts";

await tf.setBackend("cpu");

/** Ranks in this thread. */
function ranksOf(size: number): Communicator[] {
  const ranks = shareRanks(size);
  return Array.from(
    { length: size },
    (_, rank) => sharedMemoryCommunicator(ranks, rank),
  );
}

Deno.test("a communicator sums, broadcasts and gathers what ranks give, in the order of calls", async () => {
  const results = await Promise.all(
    ranksOf(3).map(async (communicator) => {
      const { rank } = communicator;
      const sums = new Float32Array([rank, 1]);
      const doubles = new Float64Array([2 ** 40 + rank]);
      const first = new Float32Array([7 + rank]);
      const both = [communicator.sum(sums), communicator.sum(doubles)];
      const gathered = await communicator.gather(
        new Uint8Array(rank).fill(rank),
      );
      await Promise.all(both);
      await communicator.broadcast(first);
      await communicator.barrier();
      return [[...sums], [...doubles], [...first], gathered.map((b) => [...b])];
    }),
  );
  const expected = [[3, 3], [3 * 2 ** 40 + 3], [7], [[], [1], [2, 2]]];
  assertEquals(results, [expected, expected, expected]);
});

Deno.test("a single process has rank 0 of 1, and its values are the sums", async () => {
  const bytes = new Uint8Array([1, 2]);
  assertEquals([singleProcess.rank, singleProcess.size], [0, 1]);
  assertEquals(await singleProcess.gather(bytes), [bytes]);
});

Deno.test("a Trainer on several ranks refuses loaders that give whole batches", async () => {
  const [communicator] = ranksOf(2);
  await assertRejects(
    () =>
      trainerOf({
        // As if the other rank answered always.
        communicator: { ...singleProcess, rank: communicator!.rank, size: 2 },
      }).fit(),
    TypeError,
    "give createLoader() the option share",
  );
});
