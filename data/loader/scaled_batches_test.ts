import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { cacheSamples } from "../cache/cache.ts";
import { createLoader } from "./loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import type { Batch } from "../types.ts";

const size = 32;
const samples = [...synthesize({ count: 3, width: 70, height: 40, seed: 1 })];

Deno.test("createLoader() shows tiles at scales of their own, anew each epoch, the same with any workers", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cases = await cacheSamples(samples, { folder });
    const options = { cases, size, batchSize: 4, seed: 3 };
    const scales = { low: 0.5, high: 2 };
    const read = async (epoch: number, more = {}) => {
      const loader = createLoader({ ...options, ...more });
      const batches = await Array.fromAsync(loader.batches(epoch));
      loader.close();
      return batches;
    };
    const first = await read(0, { scales });
    const ofWorkers = await read(0, { scales, workers: 2 });
    assertEquals(alike(ofWorkers, first), 1);
    for (const [at, { targets }] of ofWorkers.entries()) {
      const expected = first[at]!.targets.object!;
      assert(targets.object!.every((own, place) => own === expected[place]));
    }
    const later = await read(1, { scales }), asStored = await read(0);
    // As many tiles, in the same order.
    assertEquals(idsOf(first), idsOf(asStored));
    assertEquals(idsOf(later), idsOf(asStored));
    // A quarter of them is as stored.
    assertLess(alike(first, asStored), 0.6);
    assert(alike(first, asStored) > 0);
    assertLess(alike(first, later), 0.5);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createLoader() refuses scales without 1 among them", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cases = await cacheSamples(samples, { folder });
    const options = { cases, size, batchSize: 4, seed: 3 };
    assertThrows(
      () => createLoader({ ...options, scales: { low: 2, high: 3 } }),
      RangeError,
      "Cannot draw scales: found 2 to 3, expected a range of positive numbers",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const idsOf = (batches: readonly Batch[]) => batches.flatMap(({ ids }) => ids);

/** The tiles of batches, of four each. */
function tilesOf(batches: readonly Batch[]): Float32Array[] {
  const pixels = size * size * 3;
  return batches.flatMap(({ x, ids }) =>
    ids.map((_, at) => x.subarray(at * pixels, (at + 1) * pixels))
  );
}

/** The share of the tiles that are the same to the bit. */
function alike(a: readonly Batch[], b: readonly Batch[]): number {
  const others = tilesOf(b);
  const same = tilesOf(a).filter((tile, at) =>
    tile.every((value, place) => value === others[at]![place])
  );
  return same.length / others.length;
}
