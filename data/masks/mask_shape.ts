import type { Background, StoredMask } from "./stored_mask.ts";

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
  const isAlike = (at: number, level: number) =>
    Math.abs(levels[at]! - level) <= alikeShare;
  let tops = 0, solidTop = 0, lower = 0, solidLower = 0, lowerTouching = 0;
  for (let y = 0, at = 0; y < height; y++) {
    const isTop = y === 0, isBottom = y === height - 1;
    for (let x = 0; x < width; x++, at++) {
      const level = levels[at]!;
      if (level < noiseShare) continue;
      const isLeft = x === 0, isRight = x === width - 1;
      if (level >= topShare) {
        tops++;
        // Where values were compressed with loss, areas are not flat.
        const isSolid = (isLeft || isAlike(at - 1, level)) &&
          (isRight || isAlike(at + 1, level)) &&
          (isTop || isAlike(at - width, level)) &&
          (isBottom || isAlike(at + width, level));
        if (isSolid) solidTop++;
        continue;
      }
      lower++;
      const value = values[at]!;
      const isSolid = (isLeft || values[at - 1] === value) &&
        (isRight || values[at + 1] === value) &&
        (isTop || values[at - width] === value) &&
        (isBottom || values[at + width] === value);
      if (isSolid) solidLower++;
      else if (touchesOther(levels, { x, y, width, height })) lowerTouching++;
    }
  }
  return { top: tops, solidTop, lower, solidLower, lowerTouching };
}

/** Whether a neighbor by a side or a corner is neither background nor alike. */
function touchesOther(
  levels: Float32Array,
  place: { x: number; y: number; width: number; height: number },
): boolean {
  const { x, y, width, height } = place, level = levels[y * width + x]!;
  const right = Math.min(width - 1, x + 1);
  const bottom = Math.min(height - 1, y + 1);
  for (let row = Math.max(0, y - 1); row <= bottom; row++) {
    for (let column = Math.max(0, x - 1); column <= right; column++) {
      const other = levels[row * width + column]!;
      if (other < noiseShare) continue;
      if (Math.abs(other - level) > alikeShare) return true;
    }
  }
  return false;
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
      const column = at % width, row = (at - column) / width;
      const left = Math.max(0, column - 1);
      const right = Math.min(width - 1, column + 1);
      const bottom = Math.min(height - 1, row + 1);
      let isAmid = true;
      for (let y = Math.max(0, row - 1); y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const next = y * width + x, other = values[next]!;
          if (other !== value) {
            if (x === column || y === row) isAmid = false;
            isTouching ||= !background.has(other);
          } else if (!isSeen[next]) {
            isSeen[next] = 1;
            waiting.push(next);
          }
        }
      }
      isSolid ||= isAmid;
    }
    const known = found.get(value) ?? { parts: 0, sizes: [], stray: 0 };
    found.set(value, known);
    known.parts++;
    known.sizes.push(pixels);
    known.sizes.sort((a, b) => b - a).splice(largestParts);
    if (!isSolid && isTouching) known.stray++;
  }
  return found;
}
