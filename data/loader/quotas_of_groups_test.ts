import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { cacheSamples } from "../cache/cache.ts";
import type { CachedCase } from "../cache/cached_case.ts";
import { createLoader, type LoaderOptions } from "./loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import type { Batch } from "../types.ts";

const size = 32;

/** Runs with drawn samples cached in a folder of their own. */
async function withCases(
  work: (cases: CachedCase[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const samples = synthesize({ count: 5, width: 70, height: 40, seed: 1 });
    await work(await cacheSamples(samples, { folder }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const noisy = {
  module: `data:text/javascript,${
    encodeURIComponent(
      `export function transform(image, labels, random) {
        const data = image.data.map((value) => value * random.next());
        return { image: { ...image, data }, labels };
      }`,
    )
  }`,
};

async function gather(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  return await Array.fromAsync(batches);
}

function closing(options: LoaderOptions) {
  const loader = createLoader(options);
  return { ...loader, [Symbol.dispose]: () => loader.close() };
}

Deno.test("createLoader() draws tiles by shares of images, alike with workers and from any batch", async () => {
  await withCases(async (cases) => {
    const [first, ...others] = cases.map(({ id }) => id);
    const options = {
      ...{ cases, size, batchSize: 4, seed: 0, shuffle: true },
      tilesPerEpoch: 40,
      transform: noisy,
      shares: [
        { name: "one", share: 3, ids: [first!] },
        { name: "rest", share: 1, ids: others },
      ],
    };
    using inProcess = closing(options);
    using inWorkers = closing({ ...options, workers: 2 });
    assertEquals([inProcess.tiles, inProcess.length], [40, 10]);
    const batches = await gather(inProcess.batches(1));
    assertEquals(await gather(inWorkers.batches(1)), batches);
    assertEquals(await gather(inProcess.batches(1, 7)), batches.slice(7));
    const ids = batches.flatMap((batch) => batch.ids);
    const own = ids.filter((id) => id.startsWith(`${first}@`));
    assertEquals([own.length, new Set(own).size], [30, 6]);
    // A tile that comes again is changed differently.
    const pixels = size * size * 3;
    const drawn = batches.flatMap(({ x, ids }) =>
      ids.map((id, at) => ({ id, x: x.slice(at * pixels, (at + 1) * pixels) }))
    ).filter(({ id }) => id === own[0]);
    assertEquals(new Set(drawn.map(({ x }) => x.join())).size, drawn.length);
  });
});

Deno.test("createLoader() refuses shares that leave an image or a group out", async () => {
  await withCases((cases) => {
    const ids = cases.map(({ id }) => id);
    const refusal = (shares: NonNullable<LoaderOptions["shares"]>): string =>
      assertThrows(
        () => createLoader({ cases, size, batchSize: 4, seed: 0, shares }),
        RangeError,
      ).message;
    const all = { name: "all", share: 1, ids };
    assertMatch(
      refusal([{ ...all, ids: ids.slice(1) }]),
      /found groups of ".*" 0/,
    );
    assertMatch(
      refusal([all, { ...all, name: "b" }]),
      /found groups of ".*" 2/,
    );
    assertMatch(refusal([{ ...all, share: 0 }]), /found share of "all" 0/);
    assertMatch(
      refusal([all, { name: "none", share: 1, ids: ["other"] }]),
      /found tiles of "none" 0/,
    );
    assertMatch(
      refusal([
        { ...all, ids: ids.slice(1) },
        { name: "few", share: 1e-6, ids: ids.slice(0, 1) },
      ]),
      /found tiles per epoch of "few" 0/,
    );
    return Promise.resolve();
  });
});
