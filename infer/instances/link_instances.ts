import type { Instance } from "./instance.ts";

/** Side of the squares by which objects are looked up, in pixels. */
const side = 64;

/** Squares per row of squares, more than any image has. */
const across = 2 ** 24;

/** A pair of objects that share pixels. */
interface Pair {
  /** The place of the one in the plane before. */
  readonly before: number;
  /** The place of the other in this plane. */
  readonly now: number;
  /** Pixels that they share, as a share of those that either has. */
  readonly iou: number;
}

/**
 * Finds the objects of a plane, or of a time point, that continue one of the
 * plane before, by their overlap.
 *
 * As in Cellpose's `stitch_threshold`, an object of the plane before is
 * continued by the object that overlaps it most, by intersection over union,
 * and where several would be continued by the same, the one that overlaps that
 * most is. So no object continues two, and none is continued twice; of equal
 * overlaps the first in order counts.
 *
 * @param before The objects of the plane before.
 * @param now The objects of this plane.
 * @param threshold The smallest overlap that links, above 0 and up to 1.
 * @returns For each object of this plane, the place in `before` of the one that
 * it continues; undefined where it continues none.
 * @throws {RangeError} If the threshold is not in its range.
 *
 * @example
 * ```ts
 * import { linkInstances } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const row = (label: number, x: number, width: number) => ({
 *   ...{ label, x, y: 0, width, height: 1, probability: 0.9 },
 *   mask: new Uint8Array(width).fill(1),
 * });
 * const before = [row(1, 0, 4), row(2, 10, 4)];
 * // Three of five pixels are shared with the second, none with the first.
 * assertEquals(linkInstances(before, [row(1, 11, 4)], 0.25), [1]);
 * assertEquals(linkInstances(before, [row(1, 11, 4)], 0.75), [undefined]);
 * ```
 */
export function linkInstances(
  before: readonly Instance[],
  now: readonly Instance[],
  threshold: number,
): (number | undefined)[] {
  if (!(threshold > 0 && threshold <= 1)) {
    throw new RangeError(
      `Cannot link instances: found a threshold of ${threshold}, expected a number above 0 and up to 1`,
    );
  }
  const next = new Map<number, Pair>(), links = new Map<number, Pair>();
  for (const pair of pairsOf(before, now)) {
    if (pair.iou < threshold) continue;
    if (pair.iou > (next.get(pair.before)?.iou ?? 0)) {
      next.set(pair.before, pair);
    }
  }
  for (const pair of next.values()) {
    const other = links.get(pair.now);
    const isCloser = !other || pair.iou > other.iou ||
      pair.iou === other.iou && pair.before < other.before;
    if (isCloser) links.set(pair.now, pair);
  }
  return now.map((_, at) => links.get(at)?.before);
}

/** All pairs that share pixels, in the order of this plane's objects. */
function* pairsOf(
  before: readonly Instance[],
  now: readonly Instance[],
): Generator<Pair> {
  const squares = new Map<number, number[]>();
  for (const [at, instance] of before.entries()) {
    for (const square of squaresOf(instance)) {
      const known = squares.get(square);
      if (known) known.push(at);
      else squares.set(square, [at]);
    }
  }
  const areas = before.map(areaOf);
  for (const [at, instance] of now.entries()) {
    const area = areaOf(instance);
    const near = new Set(
      squaresOf(instance).flatMap((square) => squares.get(square) ?? []),
    );
    for (const other of near) {
      const shared = sharedPixels(before[other]!, instance);
      if (shared === 0) continue;
      const iou = shared / (areas[other]! + area - shared);
      yield { before: other, now: at, iou };
    }
  }
}

/** The squares that a bounding box touches. */
function squaresOf({ x, y, width, height }: Instance): number[] {
  const squares: number[] = [];
  const right = Math.floor((x + width - 1) / side);
  const bottom = Math.floor((y + height - 1) / side);
  for (let row = Math.floor(y / side); row <= bottom; row++) {
    for (let column = Math.floor(x / side); column <= right; column++) {
      squares.push(row * across + column);
    }
  }
  return squares;
}

function areaOf({ mask }: Instance): number {
  let area = 0;
  for (const inside of mask) area += inside;
  return area;
}

function sharedPixels(one: Instance, other: Instance): number {
  const left = Math.max(one.x, other.x), top = Math.max(one.y, other.y);
  const right = Math.min(one.x + one.width, other.x + other.width);
  const bottom = Math.min(one.y + one.height, other.y + other.height);
  let shared = 0;
  for (let y = top; y < bottom; y++) {
    const row = (y - one.y) * one.width - one.x;
    const otherRow = (y - other.y) * other.width - other.x;
    for (let x = left; x < right; x++) {
      shared += one.mask[row + x]! & other.mask[otherRow + x]!;
    }
  }
  return shared;
}
