import { assertEquals, assertThrows } from "@std/assert";
import type { CachedCase } from "@unet/data";
import { UsageError } from "@unet/errors";
import { parseSources } from "../settings/data_sources.ts";
import { tileSharesOf } from "./tile_shares_of.ts";

const cases = [
  { id: "a/1", modality: "fluorescence", width: 64, height: 64 },
  { id: "a/2", modality: "stained", width: 64, height: 64 },
  { id: "b/1", modality: "stained", width: 128, height: 64 },
] as CachedCase[];
const settings = {
  ...{ data: parseSources(["a", "b"]), shares: null },
  ...{ tile: 64, tilesPerEpoch: null },
};

Deno.test("tileSharesOf() groups images by source, and by modality where that is named", () => {
  assertEquals(tileSharesOf(settings, cases), {});
  // Of 4 tiles.
  assertEquals(tileSharesOf({ ...settings, tilesPerEpoch: 4 }, cases), {});
  const ids = ["a/1", "a/2", "b/1"];
  assertEquals(tileSharesOf({ ...settings, tilesPerEpoch: 5 }, cases), {
    shares: [{ name: "all images", share: 1, ids }],
  });
  const shares = { a: 4, "a:stained": 2, b: 1 };
  assertEquals(
    tileSharesOf({ ...settings, shares, tilesPerEpoch: 70 }, cases),
    {
      shares: [
        { name: "a", share: 4, ids: ["a/1"] },
        { name: "a:stained", share: 2, ids: ["a/2"] },
        { name: "b", share: 1, ids: ["b/1"] },
      ],
    },
  );
});

Deno.test("tileSharesOf() refuses an image without a share, and shares of nothing", () => {
  for (
    const [shares, part] of [
      [{ a: 1 }, 'no share of the stained images of "b"'],
      [{ "a:stained": 1, b: 1 }, "no share of the fluorescence images"],
      [{ a: 1, b: 1, "b:brightfield": 1 }, 'no brightfield image of "b"'],
      [{ a: 1, b: 1, "b:stained": 1 }, "each type of its images"],
      // Of 4 tiles.
      [{ a: 100, b: 1 }, 'a share of "b" below a tile, of 4 tiles per epoch'],
    ] as const
  ) {
    assertThrows(
      () => tileSharesOf({ ...settings, shares }, cases),
      UsageError,
      part,
    );
  }
});
