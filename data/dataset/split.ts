/**
 * Which images train, validate and test. Runs in a browser.
 *
 * @module
 */
import { cannot, count, DatasetError } from "@unet/errors";
import { identicalImages } from "./identical_images.ts";
import { createRandom } from "@unet/random";

/** Which share of a dataset goes where. */
export interface SplitOptions {
  /** The share held out to judge the model while it trains, in [0, 1). */
  validation: number;
  /** The share held out to the very end, in [0, 1); 0 by default. */
  test?: number;
  /** The seed, an integer. */
  seed: number;
}

/** An image to be put into a part. */
export interface SplitCase {
  /** What it is called; unique. */
  readonly id: string;
  /** How it was taken. */
  readonly modality: string;
  /** The same for images with the same pixels; an image without has no copy. */
  readonly content?: string;
}

/** The ids of a dataset's images, each in one part, sorted. */
export interface Split {
  /** The images to learn from. */
  train: string[];
  /** The images to judge by while training. */
  validation: string[];
  /** The images to judge by at the end. */
  test: string[];
}

/**
 * Splits a dataset by image, each modality in the same proportions.
 *
 * Each part has its share of all images, rounded, and of each modality its
 * share rounded up or down (largest remainders, Hare's method; a modality of
 * at least two images that would have none in the part is served first, one
 * of a single image last). An asked-for part is never empty, nor is training.
 *
 * Images of the same `content` are one: all of them go where the first by id
 * goes, and shares are counted as if there were no others, so that no image is
 * judged by a copy of one that was learned from.
 *
 * Which images they are depends on the seed and the ids alone, not on their
 * order, and an image that joins the dataset moves few others: each id draws
 * its own random rank.
 *
 * @param cases The images: what they are called, how they were taken, and a
 * text that is the same for images with the same pixels.
 * @param options The shares and the seed.
 * @returns The ids of each part.
 * @throws {RangeError} If a share is out of range, or an id comes twice.
 * @throws {DatasetError} If there are fewer different images than parts asked
 * for.
 *
 * @example
 * ```ts
 * import { splitDataset } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const cases = ["a", "b", "c", "d", "e"].map((id) => ({
 *   id,
 *   modality: "fluorescence",
 * }));
 * const split = splitDataset(cases, { validation: 0.2, seed: 0 });
 * assertEquals(split.train.length, 4);
 * assertEquals(split.validation.length, 1);
 * ```
 */
export function splitDataset(
  cases: readonly SplitCase[],
  options: SplitOptions,
): Split {
  const { validation, test = 0, seed } = options;
  checkShares(validation, test);
  requireUnique(cases);
  const copies = copiesOf(cases);
  const different = cases.filter(({ id }) => copies.has(id));
  const strata = rankedStrata(different, seed);
  const parts = 1 + Number(validation > 0) + Number(test > 0);
  if (different.length < parts) {
    throw new DatasetError(
      cannot("split", "dataset into", partNames(validation, test), {
        found: count(cases.length, "image") +
          (different.length < cases.length
            ? ` with ${different.length} different ${
              different.length === 1 ? "content" : "contents"
            }`
            : ""),
        expected: `at least ${parts}`,
        remedy: "add images, or cut large ones into several files",
      }),
    );
  }
  const total = (share: number, most: number) =>
    share > 0
      ? Math.min(most, Math.max(1, Math.round(different.length * share)))
      : 0;
  const testTotal = total(test, different.length - parts + 1);
  const testCounts = allocate(
    strata.map((ids) => ids.length),
    strata.map((ids) => ids.length),
    test,
    testTotal,
  );
  const validationCounts = allocate(
    strata.map((ids) => ids.length),
    strata.map((ids, index) => ids.length - testCounts[index]!),
    validation,
    total(validation, different.length - testTotal - 1),
  );
  const split: Split = { train: [], validation: [], test: [] };
  strata.forEach((ids, index) => {
    const tested = testCounts[index]!;
    const held = tested + validationCounts[index]!;
    const withCopies = (some: string[]) =>
      some.flatMap((id) => copies.get(id)!);
    split.test.push(...withCopies(ids.slice(0, tested)));
    split.validation.push(...withCopies(ids.slice(tested, held)));
    split.train.push(...withCopies(ids.slice(held)));
  });
  for (const ids of [split.train, split.validation, split.test]) ids.sort();
  return split;
}

/** The ids of identical images, by the first of them. */
function copiesOf(cases: readonly SplitCase[]): Map<string, string[]> {
  const copies = new Map(cases.map(({ id }) => [id, [id]]));
  for (const [first, ...others] of identicalImages(cases)) {
    copies.set(first!, [first!, ...others]);
    for (const id of others) copies.delete(id);
  }
  return copies;
}

function requireUnique(cases: readonly SplitCase[]): void {
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id)) {
      throw new RangeError(
        cannot("split", "dataset with image", id, {
          found: "it twice",
          expected: "unique ids",
        }),
      );
    }
    ids.add(id);
  }
}

/** The ids of each modality in the order of their random ranks. */
function rankedStrata(
  cases: readonly SplitCase[],
  seed: number,
): string[][] {
  const ranks = new Map<string, number>();
  const strata = new Map<string, string[]>();
  for (const { id, modality } of cases) {
    const codes = Array.from(id, (letter) => letter.codePointAt(0)!);
    ranks.set(id, createRandom(seed, ...codes).next());
    const ids = strata.get(modality) ?? [];
    strata.set(modality, ids);
    ids.push(id);
  }
  return [...strata].sort(([a], [b]) => a < b ? -1 : 1).map(([, ids]) =>
    ids.sort((a, b) => ranks.get(a)! - ranks.get(b)! || (a < b ? -1 : 1))
  );
}

/** How many of each stratum go into a part, `total` together. */
function allocate(
  sizes: number[],
  available: number[],
  share: number,
  total: number,
): number[] {
  const exact = sizes.map((size) => size * share);
  const counts = exact.map(Math.floor);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (; missing < 0; missing++) {
    counts[counts.indexOf(Math.max(...counts))]! -= 1;
  }
  const urgency = (index: number) => {
    if (available[index]! < 2) return -1;
    return counts[index] === 0 ? 2 : exact[index]! - Math.floor(exact[index]!);
  };
  const order = sizes.map((_, index) => index)
    .filter((index) => counts[index]! < available[index]!)
    .map((index) => ({ index, urgency: urgency(index) }))
    .sort((a, b) => b.urgency - a.urgency || a.index - b.index);
  for (const { index } of order) {
    if (missing <= 0) break;
    counts[index]! += 1;
    missing--;
  }
  return counts;
}

function checkShares(validation: number, test: number): void {
  for (const [name, share] of [["validation", validation], ["test", test]]) {
    if (!(Number(share) >= 0 && Number(share) < 1)) {
      throw new RangeError(
        `Cannot split dataset: found ${name} ${share}, expected a share in [0, 1)`,
      );
    }
  }
  if (!(validation + test < 1)) {
    throw new RangeError(
      `Cannot split dataset: found validation ${validation} and test ${test}, expected less than 1 together`,
    );
  }
}

function partNames(validation: number, test: number): string {
  const names = ["train"];
  if (validation > 0) names.push("validation");
  if (test > 0) names.push("test");
  return names.join(", ");
}
