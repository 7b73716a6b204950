import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import type { CachedCase } from "../cache/cached_case.ts";
import { drawScale, scalesFor } from "./scales.ts";
import { shownDiameters } from "./shown_diameters.ts";

function caseOf(diameter: number | undefined, side = 256): CachedCase {
  return {
    ...{ id: "a", path: "a", width: side, height: side, content: "a" },
    ...{ modality: "fluorescence", nuclei: 1, foreground: 0.1, labeled: 1 },
    ...(diameter !== undefined && { diameter }),
  };
}

Deno.test("shownDiameters() gives percentiles over tiles, not over images", () => {
  // One image of 9 tiles, and nine of one tile.
  const cases = [
    caseOf(30, 600),
    ...Array.from({ length: 9 }, () => caseOf(10)),
  ];
  const { low, median, high } = shownDiameters(cases, { size: 256 })!;
  assertEquals([low, median, high], [10, 10, 30]);
  const large = shownDiameters([caseOf(30, 800), ...cases], { size: 256 })!;
  assertEquals(large.median, 30);
});

Deno.test("shownDiameters() counts groups of images by their shares of an epoch", () => {
  const cases = [
    { ...caseOf(10, 800), id: "small" },
    ...["a", "b"].map((id) => ({ ...caseOf(30), id })),
  ];
  const shares = (small: number, large: number) => [
    { name: "small", share: small, ids: ["small"] },
    { name: "large", share: large, ids: ["a", "b"] },
  ];
  const found = (small: number, large: number) =>
    shownDiameters(cases, { size: 256, shares: shares(small, large) });
  assertEquals(found(1, 9), { low: 10, median: 30, high: 30 });
  assertEquals(found(99, 1), { low: 10, median: 10, high: 10 });
});

Deno.test("shownDiameters() takes no notice of images without objects", () => {
  const cases = [caseOf(undefined, 800), caseOf(12)];
  assertEquals(
    shownDiameters(cases, { size: 256 }),
    { low: 12, median: 12, high: 12 },
  );
  assertEquals(shownDiameters([caseOf(undefined)], { size: 256 }), undefined);
});

Deno.test("shownDiameters() agrees with the scales that are drawn", () => {
  const scales = { low: 0.4, high: 2.5 };
  const cases = [8, 15, 25, 40, 90].map((diameter) => caseOf(diameter));
  const found = shownDiameters(cases, { size: 256, scales })!;
  const random = createRandom(1);
  const drawn = cases.flatMap(({ diameter }) => {
    const range = scalesFor(scales, diameter);
    return Array.from(
      { length: 4000 },
      () => diameter! * drawScale(random, range),
    );
  }).sort((a, b) => a - b);
  for (
    const [share, value] of [
      [0.05, found.low],
      [0.5, found.median],
      [0.95, found.high],
    ] as const
  ) {
    const below = drawn.filter((one) => one <= value).length / drawn.length;
    // Scale 1 holds a share of its own at each image's diameter.
    const under = drawn.filter((one) => one < value).length / drawn.length;
    assert(under - 0.02 <= share && share <= below + 0.02, `${share} ${below}`);
  }
  assertAlmostEquals(found.low, 9, 1);
});
