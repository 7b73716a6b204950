import { assert, assertEquals } from "@std/assert";
import { createRandom, type Random } from "@unet/random";
import fc from "fast-check";
import { cacheSamples } from "../cache/cache.ts";
import type { CachedCase } from "../cache/cached_case.ts";
import { readScaledTile, readTile, windowOf } from "./scaled_tile.ts";
import { tilesOf } from "./tiles.ts";
import type { Sample } from "../types.ts";

/** A stream that draws these numbers and no others. */
function drawing(...numbers: number[]): Random {
  const rest = numbers.values();
  const next = () => {
    const { value, done } = rest.next();
    assert(!done, "more draws than expected");
    return value;
  };
  return { ...createRandom(0), next };
}

/** A ramp along x in 16-pixel objects, of which each has its own value. */
function striped(width: number, height: number): Sample {
  const column = (at: number) => Math.floor(at % width / 16);
  const length = width * height;
  return {
    id: "striped",
    image: {
      ...{ width, height, channels: 1, depth: 8 },
      data: Uint8Array.from({ length }, (_, at) => 15 * column(at)),
    },
    labels: {
      ...{ width, height },
      data: Uint32Array.from({ length }, (_, at) => column(at)),
    },
  };
}

async function withCase(
  sample: Sample,
  work: (source: CachedCase) => void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    work((await cacheSamples([sample], { folder }))[0]!);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("windowOf() lies in the image, and in the tile or around it", () => {
  const side = fc.integer({ min: 1, max: 500 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      side,
      side,
      side,
      share,
      share,
      (width, height, length, x, y) => {
        const size = 64, source = { width, height } as CachedCase;
        for (const tile of tilesOf(width, height, size)) {
          const found = windowOf({ source, tile }, length, { x, y });
          const { padding } = found;
          assertEquals(padding.left + found.width + padding.right, length);
          assertEquals(padding.top + found.height + padding.bottom, length);
          assert(found.x >= 0 && found.x + found.width <= width);
          assert(found.y >= 0 && found.y + found.height <= height);
          if (width < size) continue;
          const ends = [tile.x + tile.width, found.x + found.width] as const;
          if (length <= size) {
            assert(found.x >= tile.x && ends[1] <= ends[0]);
          } else {
            assert(found.x <= tile.x && ends[1] >= ends[0]);
          }
        }
      },
    ),
  );
});

Deno.test("windowOf() reaches both ends of its tile", () => {
  const source = { width: 200, height: 200 } as CachedCase;
  const tile = tilesOf(200, 200, 64)[0]!;
  const at = (x: number) => windowOf({ source, tile }, 20, { x, y: 0 }).x;
  assertEquals([at(0), at(1)], [0, 44]);
});

Deno.test("readScaledTile() enlarges objects and image alike", async () => {
  await withCase(striped(256, 64), (source) => {
    const tile = tilesOf(256, 64, 64)[0]!, scales = { low: 0.25, high: 4 };
    // No tile as it is, the end of the range, the place.
    const { image, labels } = readScaledTile(
      { source, tile },
      scales,
      drawing(0.9, 1 - 1e-9, 0.999, 0.5),
    );
    assertEquals([image.width, image.height, labels.width], [64, 64, 64]);
    // The window of 16 pixels at column 48 is one object.
    assertEquals(new Set(labels.data), new Set([3]));
    assertEquals(new Set(image.data), new Set([45]));
  });
});

Deno.test("readScaledTile() shrinks objects to the mean of what they cover, and keeps their numbers", async () => {
  await withCase(striped(256, 256), (source) => {
    const tile = tilesOf(256, 256, 64)[0]!, scales = { low: 0.25, high: 4 };
    const { image, labels } = readScaledTile(
      { source, tile },
      scales,
      drawing(0.9, 0, 0, 0),
    );
    // 256 pixels on 64: each object is 4 pixels wide.
    for (let x = 0; x < 64; x++) {
      assertEquals(labels.data[x], Math.floor(x / 4));
      assertEquals(image.data[x], 15 * Math.floor(x / 4));
    }
  });
});

Deno.test("readScaledTile() mirrors what is larger than the image", async () => {
  await withCase(striped(64, 64), (source) => {
    const tile = tilesOf(64, 64, 64)[0]!, scales = { low: 0.5, high: 1 };
    const { image, labels } = readScaledTile(
      { source, tile },
      scales,
      drawing(0.9, 0, 0.3, 0.7),
    );
    const row = [...labels.data.slice(0, 64)];
    assertEquals(
      row.slice(16, 48),
      Array.from({ length: 32 }, (_, x) => Math.floor(x / 8)),
    );
    assertEquals([row[15], row[48]], [0, 3]);
    assertEquals(image.data[16], 0);
  });
});

Deno.test("readScaledTile() reads a tile as it is stored when its scale is 1", async () => {
  await withCase(striped(100, 80), (source) => {
    const scales = { low: 0.5, high: 2 };
    for (const tile of tilesOf(100, 80, 64)) {
      const found = readScaledTile(
        { source, tile },
        scales,
        drawing(0.1, 0.9, 0.2, 0.2),
      );
      assertEquals(found, readTile({ source, tile }));
    }
  });
});

Deno.test("readScaledTile() does not enlarge what is large, nor shrink what is small", async () => {
  await withCase(striped(128, 128), (source) => {
    const tile = tilesOf(128, 128, 64)[0]!, scales = { low: 0.25, high: 4 };
    const plain = readTile({ source, tile });
    const at = (diameter: number, place: number) =>
      readScaledTile(
        { source: { ...source, diameter }, tile },
        scales,
        drawing(0.9, place, 0, 0),
      );
    assertEquals(at(70, 1 - 1e-9), plain);
    assertEquals(at(9, 0), plain);
  });
});
