import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { cacheSamples } from "../cache/cache.ts";
import { type CachedCase, readCachedWindow } from "../cache/cached_case.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { createLoader } from "./loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import { cutTile, tilesOf } from "./tiles.ts";
import type { Batch, Sample } from "../types.ts";

const size = 32;
const samples: Sample[] = [
  ...synthesize({ count: 1, width: 70, height: 40, seed: 1 }),
];

/** Runs with a color sample cached in a folder of its own. */
async function withCases(
  work: (cases: CachedCase[], folder: string) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const cases = await cacheSamples(samples, { folder: folder.path });
  await work(cases, folder.path);
}

/** A module that keeps one channel alone. */
const firstAlone = {
  module: `data:text/javascript,${
    encodeURIComponent(
      `export function transform(image, labels) {
         const data = image.data.filter((_, at) => at % 2 === 0);
         return { image: { ...image, channels: 1, data }, labels };
       }`,
    )
  }`,
};

async function gather(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  return await Array.fromAsync(batches);
}

/** A sample of separate channels with another value at each place. */
function separate(id: string, channels: number): Sample {
  const { labels } = samples[0]!, { width, height } = labels;
  const data = Uint16Array.from(
    { length: width * height * channels },
    (_, at) => at * 2654435761 >>> 18,
  );
  const size = { width, height, channels };
  return { id, labels, image: { ...size, depth: 16, isSeparate: true, data } };
}

Deno.test("createLoader() gives separate channels as they are normalized by the whole image, and the same from workers", async () => {
  await withCases(async (_, folder) => {
    for (const channels of [1, 2, 5]) {
      const cases = await cacheSamples(
        [separate("a", channels), separate("b", channels)],
        { folder },
      );
      const options = { cases, size, batchSize: 2, seed: 3 };
      const here = createLoader(options);
      const [first, ...rest] = await gather(here.batches(0));
      here.close();
      const shape = [2, size, size] as const;
      assertEquals(first!.shape, shape);
      assertEquals(first!.x.length, 2 * size * size * channels);
      const whole = readCachedWindow(cases[0]!);
      const tiles = tilesOf(whole.image.width, whole.image.height, size);
      const [one, two] = tiles.map((tile) => cutTile(whole, tile).image.data);
      const values = size * size * channels;
      assertEquals(first!.x.subarray(0, values), one);
      assertEquals(first!.x.subarray(values), two);

      const away = createLoader({ ...options, workers: 2 });
      assertEquals(await gather(away.batches(0)), [first!, ...rest]);
      away.close();
    }
  });
});

Deno.test("createLoader() refuses color beside separate channels, and a transform that changes their number", async () => {
  await withCases(async (color, folder) => {
    const [two] = await cacheSamples([separate("two", 2)], { folder });
    const [three] = await cacheSamples([separate("three", 3)], { folder });
    for (
      const [cases, message] of [
        [
          [color[0]!, two!],
          `found "${
            color[0]!.id
          }" with color and "two" with 2 separate channels, expected the same`,
        ],
        [
          [two!, three!],
          'found "two" with 2 separate channels and "three" with 3 separate channels, expected the same',
        ],
      ] as const
    ) {
      assertThrows(
        () => createLoader({ cases, size, batchSize: 1, seed: 0 }),
        RangeError,
        `Cannot load batches: ${message}`,
      );
    }
    const loader = createLoader({
      ...{ cases: [two!], size, batchSize: 1, seed: 0 },
      transform: firstAlone,
    });
    await assertRejects(
      () => gather(loader.batches(0)),
      RangeError,
      "found 1 channel of 32 bits returned, expected 2 of floats",
    );
    loader.close();
  });
});
