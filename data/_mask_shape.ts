import type { Background, StoredMask } from "./_stored_mask.ts";

/** Where the numbers of a mask form areas, and where mere edges. */
export interface MaskEdges {
  /** All pixels of numbers near the largest. */
  readonly top: number;
  /** Those of them amid others like them. */
  readonly solidTop: number;
  /** All pixels of numbers clearly below the largest. */
  readonly lower: number;
  /** Those of them amid equal ones. */
  readonly solidLower: number;
  /** Those of them that touch another number besides background. */
  readonly lowerTouching: number;
}

/** From this share of the largest number up, one counts as near to it. */
const topShare = 0.75;

/** Numbers below this share of the largest are noise of an edge. */
const noiseShare = 1 / 16;

/** So many of a number's parts are measured. */
const largestParts = 8;

/** Neighbors that differ by less than this share of the largest are alike. */
const alikeShare = 1 / 32;

/**
 * Separates solid areas from edges. A mask with gray edges has solid areas near its
 * largest number alone; object numbers have such areas each.
 *
 * @param top The largest distance of a number from the background.
 */
export function findEdges(
  { values, width, height }: StoredMask,
  background: Background,
  top: number,
): MaskEdges {
  const levels = new Float32Array(width * height);
  for (let at = 0; at < levels.length; at++) {
    const value = values[at]!;
    if (!background.has(value)) levels[at] = background.distance(value) / top;
  }
  const isSolid = (at: number, isAlike: (other: number) => boolean): boolean =>
    fourNeighbors(at, width, height, isAlike);
  let tops = 0, solidTop = 0, lower = 0, solidLower = 0, lowerTouching = 0;
  for (let at = 0; at < levels.length; at++) {
    const level = levels[at]!;
    if (level < noiseShare) continue;
    const isAlike = (other: number) =>
      Math.abs(levels[other]! - level) <= alikeShare;
    if (level >= topShare) {
      tops++;
      // Where values were compressed with loss, areas are not flat.
      if (isSolid(at, isAlike)) solidTop++;
      continue;
    }
    lower++;
    const value = values[at]!;
    if (isSolid(at, (other) => values[other] === value)) solidLower++;
    else if (
      eightNeighbors(
        at,
        width,
        height,
        (other) => levels[other]! >= noiseShare && !isAlike(other),
      )
    ) lowerTouching++;
  }
  return { top: tops, solidTop, lower, solidLower, lowerTouching };
}

/** The connected parts of a number in a mask. */
export interface ValueParts {
  /** How many there are. */
  parts: number;
  /** Pixels of each of the largest, so that it is known how many are alike. */
  sizes: number[];
  /** Those without a pixel amid its like that touch another object. */
  stray: number;
}

/**
 * Counts the connected parts of each number besides background; pixels that
 * touch by a side or a corner are connected.
 */
export function countParts(
  { values, width, height }: StoredMask,
  background: Pick<Background, "has">,
): Map<number, ValueParts> {
  const found = new Map<number, ValueParts>();
  const isSeen = new Uint8Array(values.length);
  const waiting: number[] = [];
  for (let start = 0; start < values.length; start++) {
    const value = values[start]!;
    if (isSeen[start] || background.has(value)) continue;
    let pixels = 0, isSolid = false, isTouching = false;
    isSeen[start] = 1;
    waiting.push(start);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      pixels++;
      isSolid ||= fourNeighbors(
        at,
        width,
        height,
        (next) => values[next] === value,
      );
      eightNeighbors(at, width, height, (next) => {
        const other = values[next]!;
        if (other !== value) isTouching ||= !background.has(other);
        else if (!isSeen[next]) {
          isSeen[next] = 1;
          waiting.push(next);
        }
        return false;
      });
    }
    const known = found.get(value) ?? { parts: 0, sizes: [], stray: 0 };
    found.set(value, known);
    known.parts++;
    known.sizes = [...known.sizes, pixels].sort((a, b) => b - a)
      .slice(0, largestParts);
    if (!isSolid && isTouching) known.stray++;
  }
  return found;
}
/** Whether all neighbors by a side are so; outside of the image all are. */
function fourNeighbors(
  at: number,
  width: number,
  height: number,
  isSo: (other: number) => boolean,
): boolean {
  const column = at % width, row = (at - column) / width;
  return (column === 0 || isSo(at - 1)) &&
    (column === width - 1 || isSo(at + 1)) &&
    (row === 0 || isSo(at - width)) &&
    (row === height - 1 || isSo(at + width));
}

/** Whether a neighbor by a side or a corner is so. */
function eightNeighbors(
  at: number,
  width: number,
  height: number,
  isSo: (other: number) => boolean,
): boolean {
  const column = at % width, row = (at - column) / width;
  const right = Math.min(width - 1, column + 1);
  const bottom = Math.min(height - 1, row + 1);
  for (let y = Math.max(0, row - 1); y <= bottom; y++) {
    for (let x = Math.max(0, column - 1); x <= right; x++) {
      const other = y * width + x;
      if (other !== at && isSo(other)) return true;
    }
  }
  return false;
}
