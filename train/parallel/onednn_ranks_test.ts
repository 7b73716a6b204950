/**
 * Ranks on oneDNN, which chooses algorithms by the batch: two ranks make the
 * bits that one process makes of the two halves of a batch, and differ from the
 * whole batch by as much as that process does.
 */
import { assert, assertEquals } from "@std/assert";
import { openDevice } from "@unet/device";
import { DeviceError } from "@unet/errors";
import { trainRank } from "../fixtures/rank_worker.ts";
import { shareRanks } from "../fixtures/memory_ranks.ts";
import { learningPlan } from "../fixtures/tiny.ts";
import { type Training, trainOn } from "../fixtures/train_on.ts";

async function whyAbsent(): Promise<string | null> {
  try {
    await (await openDevice("onednn")).close();
    return null;
  } catch (cause) {
    if (cause instanceof DeviceError) return cause.message;
    throw cause;
  }
}

const absent = await whyAbsent();
const skipped = absent ? ` (skipped: ${absent})` : "";

/** Wide enough that oneDNN arranges channels in blocks. */
const training: Training = {
  device: "onednn",
  plan: { ...learningPlan, network: "vgg16", width: 0.25, batchNorm: false },
  loss: "bce",
  epochs: 1,
  tiles: 12,
  batchSize: 4,
};

/** One process, one thread, that takes the halves of each batch in turn. */
async function inTurn(): Promise<readonly number[]> {
  const ranks = shareRanks(2, 2 ** 25);
  const [first] = await Promise.all(
    [0, 1].map((rank) => trainRank({ ...training, ranks, rank })),
  );
  return first!.losses;
}

function distance(found: readonly number[], from: readonly number[]): number {
  assertEquals(found.length, from.length);
  return Math.max(...from.map((loss, i) => Math.abs(found[i]! / loss - 1)));
}

Deno.test({
  name:
    `ranks on oneDNN make the same bits whether they sum gradients in its memory or copy them during the backward pass${skipped}`,
  ignore: absent !== null,
  fn: async () => {
    // Batches of 5 and 2: shares of two and three tiles, then of one.
    const uneven = { ...training, tiles: 7, batchSize: 5 };
    const [inPlace, second] = await trainOn(
      2,
      { ...uneven, overlap: false },
      { bytes: 2 ** 25 },
    );
    const [copied] = await trainOn(
      2,
      { ...uneven, overlap: true },
      { bytes: 2 ** 25 },
    );
    assertEquals(inPlace!.losses, copied!.losses);
    assertEquals(inPlace!.weights, copied!.weights);
    assertEquals(second!.weights, inPlace!.weights);
  },
});

Deno.test({
  name:
    `two ranks on oneDNN make the losses, to the bit, that one process makes of the halves of each batch${skipped}`,
  ignore: absent !== null,
  fn: async () => {
    const halves = await inTurn();
    const [first, second] = await trainOn(2, training, { bytes: 2 ** 25 });
    assertEquals(first!.losses, halves);
    assertEquals(second!.weights, first!.weights);
    const [alone] = await trainOn(1, training);
    const tolerance = distance(halves, alone!.losses);
    // The halves and the whole are the same mathematics: rounding alone.
    assert(tolerance < 1e-4, `${tolerance}`);
  },
});
