import { assertEquals, assertThrows } from "@std/assert";
import { cacheSamples } from "../cache/cache.ts";
import type { CachedCase } from "../cache/cached_case.ts";
import { createLoader, type LoaderOptions } from "./loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import type { Batch, DataLoader } from "../types.ts";

const size = 32;

/** Runs with 30 tiles cached in a folder of their own. */
async function withCases(
  work: (cases: CachedCase[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const drawn = synthesize({ count: 5, width: 70, height: 40, seed: 1 });
  try {
    await work(await cacheSamples(drawn, { folder }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function closing(options: LoaderOptions): DataLoader & Disposable {
  const loader = createLoader(options);
  return { ...loader, [Symbol.dispose]: () => loader.close() };
}

async function gather(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

Deno.test("createLoader() with a share gives its part of the same batches, with any number of workers", async () => {
  await withCases(async (cases) => {
    const options = { cases, size, batchSize: 7, seed: 3, shuffle: true };
    using whole = closing(options);
    const batches = await gather(whole.batches(1));
    for (const workers of [0, 2]) {
      const parts: Batch[][] = [];
      for (const rank of [0, 1, 2]) {
        const share = { rank, size: 3 };
        using loader = closing({ ...options, workers, share });
        assertEquals(
          [loader.length, loader.tiles],
          [whole.length, whole.tiles],
        );
        parts.push(await gather(loader.batches(1)));
      }
      batches.forEach(({ ids, x }, at) => {
        const own = parts.map((batches) => batches[at]!);
        const counting = own.filter(({ share }) => share!.to > share!.from);
        assertEquals(counting.flatMap(({ ids }) => ids), ids);
        assertEquals(counting.flatMap(({ x }) => [...x]), [...x]);
        for (const { share } of own) assertEquals(share!.of, ids.length);
      });
      // 30 tiles: the last batch has 2, and the first rank of three has none.
      const { share, shape } = parts[0]!.at(-1)!;
      assertEquals([share, shape[0]], [{ from: 0, to: 0, of: 2 }, 1]);
    }
  });
});

Deno.test("createLoader() refuses a rank that there is not", async () => {
  await withCases(async (cases) => {
    const options = { cases, size, batchSize: 4, seed: 0 };
    await Promise.resolve();
    assertThrows(
      () => createLoader({ ...options, share: { rank: 2, size: 2 } }),
      RangeError,
      "expected an integer from 0 to 1",
    );
  });
});
