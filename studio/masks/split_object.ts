import type { Labels, Rectangle } from "@unet/data";
import { labelComponents } from "@unet/data/label-components";

/** Smaller parts are slivers that the line cut off a ragged edge. */
const smallest = 4;

/** What is cut. */
export interface Cut {
  /** The object. */
  readonly label: number;
  /** A rectangle that holds it. */
  readonly box: Rectangle;
  /** The pixels of the line, which lets nothing through. */
  readonly line: ReadonlySet<number>;
  /** The first number that no object has. */
  readonly next: number;
}

/**
 * Splits an object along a line: the largest part that the line touches keeps
 * the number, the others get new ones. The pixels of the line go to the nearest
 * part. Parts that the line does not touch stay as they are.
 *
 * @param labels Changed in place.
 * @param cut The object and the line.
 * @returns How many numbers were given; 0 if the line does not divide it.
 */
export function splitObject(
  labels: Labels,
  { label, box, line, next }: Cut,
): number {
  const { width, data } = labels;
  const pixelAt = (at: number): number =>
    (box.y + Math.floor(at / box.width)) * width + box.x + at % box.width;
  const isPart = new Uint8Array(box.width * box.height);
  for (let at = 0; at < isPart.length; at++) {
    const pixel = pixelAt(at);
    if (data[pixel] === label && !line.has(pixel)) isPart[at] = 1;
  }
  const parts = labelComponents(isPart, box.width, box.height).data;
  const isCut = (at: number): boolean =>
    parts[at] === 0 && data[pixelAt(at)] === label;
  const sizes = sizesOf(parts);
  const touched = new Set<number>();
  for (let at = 0; at < parts.length; at++) {
    if (!isCut(at)) continue;
    for (const near of neighbors(at, box)) {
      if (parts[near]) touched.add(parts[near]!);
    }
  }
  const large = [...touched].filter((part) => sizes.get(part)! >= smallest);
  const kept = large.length >= 2 ? large : [...touched];
  if (kept.length < 2) return 0;
  kept.sort((one, other) => sizes.get(other)! - sizes.get(one)!);
  const numbers = new Map(
    kept.map((part, at) => [part, at === 0 ? label : next + at - 1]),
  );
  for (const part of sizes.keys()) {
    if (!touched.has(part)) numbers.set(part, label);
  }
  const numbered = new Uint32Array(parts.length);
  const waiting: number[] = [];
  for (let at = 0; at < parts.length; at++) {
    const number = numbers.get(parts[at]!);
    if (number === undefined) continue;
    numbered[at] = number;
    waiting.push(at);
  }
  // From all parts at once, a pixel farther each time.
  for (const at of waiting) {
    for (const near of neighbors(at, box)) {
      if (numbered[near] || data[pixelAt(near)] !== label) continue;
      numbered[near] = numbered[at]!;
      waiting.push(near);
    }
  }
  numbered.forEach((number, at) => {
    if (number) data[pixelAt(at)] = number;
  });
  return kept.length - 1;
}

function sizesOf(parts: Uint32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const part of parts) {
    if (part) sizes.set(part, (sizes.get(part) ?? 0) + 1);
  }
  return sizes;
}

/** The pixels that touch one by a side or a corner. */
function* neighbors(at: number, { width, height }: Rectangle) {
  const column = at % width, row = (at - column) / width;
  for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
    for (
      let x = Math.max(0, column - 1);
      x <= Math.min(width - 1, column + 1);
      x++
    ) if (x !== column || y !== row) yield y * width + x;
  }
}
