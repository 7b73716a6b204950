import type { Image, ImageSize, Rectangle } from "@unet/data";

/** Of the steps between neighbors, the largest 5 of 100 count as one size. */
const cap = 0.95;

/** How much happens where in an image. */
export interface Activity {
  /** Cells per row. */
  readonly columns: number;
  /** Rows of cells. */
  readonly rows: number;
  /**
   * The edges of all cells above and to the left of each corner of a cell, row
   * by row; the first row and the first column are 0.
   */
  readonly sums: Float64Array;
}

/**
 * Finds how much happens where in an image: the edges in a small copy of it.
 * Single bright specks do not count more than the edges of objects do.
 *
 * @param overview The copy, of which each pixel becomes a cell.
 *
 * @example
 * ```ts
 * import { activityOf } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { width: 2, height: 1, channels: 1, depth: 8 } as const;
 * const { sums } = activityOf({ ...image, data: new Uint8Array([5, 9]) });
 * assertEquals(sums, new Float64Array([0, 0, 0, 0, 1, 1]));
 * ```
 */
export function activityOf(overview: Image): Activity {
  const { width: columns, height: rows } = overview;
  const edges = edgesOf(overview);
  // Where less than a twentieth has any edge, all of them count alike.
  const most = atShare(edges, cap) || 1;
  const stride = columns + 1;
  const sums = new Float64Array(stride * (rows + 1));
  for (let y = 0, cell = 0; y < rows; y++) {
    let sum = 0;
    for (let x = 0, at = (y + 1) * stride + 1; x < columns; x++, at++) {
      sum += Math.min(edges[cell++]!, most);
      sums[at] = sums[at - stride]! + sum;
    }
  }
  return { columns, rows, sums };
}

/**
 * Chooses the parts of an image where most happens.
 *
 * @param activity How much happens where.
 * @param image The image's size.
 * @param options The parts' size in the image's pixels, and how many are wanted.
 * @returns The parts, which do not overlap; the one where most happens first.
 * Fewer where there is no room for more.
 *
 * @example
 * ```ts
 * import { activityOf, chooseParts } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array(64).fill(9);
 * data[63] = 200;
 * const overview = { width: 8, height: 8, channels: 1, depth: 8, data } as const;
 * const [part] = chooseParts(
 *   activityOf(overview),
 *   { width: 800, height: 800 },
 *   { width: 200, height: 200, count: 1 },
 * );
 * assertEquals(part, { x: 600, y: 600, width: 200, height: 200 });
 * ```
 */
export function chooseParts(
  activity: Activity,
  image: ImageSize,
  { width, height, count }: ImageSize & { readonly count: number },
): Rectangle[] {
  const { columns, rows } = activity;
  const across = Math.min(columns, toCells(width, columns / image.width));
  const down = Math.min(rows, toCells(height, rows / image.height));
  const chosen: Cell[] = [];
  while (chosen.length < count) {
    const best = busiest(activity, { across, down }, chosen);
    if (!best) break;
    chosen.push(best);
  }
  return chosen.map(({ x, y }) => ({
    x: Math.min(image.width - width, Math.round(x * image.width / columns)),
    y: Math.min(image.height - height, Math.round(y * image.height / rows)),
    ...{ width, height },
  }));
}

/** Where parts begin, in cells. */
interface Cell {
  readonly x: number;
  readonly y: number;
}

function toCells(length: number, cellsPerPixel: number): number {
  return Math.max(1, Math.round(length * cellsPerPixel));
}

/** How much each pixel differs from those on its right and below. */
function edgesOf({ width, height, channels, data }: Image): Float64Array {
  const colors = channels === 4 ? 3 : channels;
  const gray = new Float64Array(width * height);
  for (let at = 0; at < gray.length; at++) {
    let sum = 0;
    for (let channel = 0; channel < colors; channel++) {
      sum += data[at * channels + channel]!;
    }
    gray[at] = Number.isFinite(sum) ? sum : 0;
  }
  const edges = new Float64Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const right = x + 1 < width ? Math.abs(gray[at + 1]! - gray[at]!) : 0;
      const below = y + 1 < height
        ? Math.abs(gray[at + width]! - gray[at]!)
        : 0;
      edges[at] = right + below;
    }
  }
  return edges;
}

/** Whole numbers up to here are counted, which takes less than to sort them. */
const mostCounted = 2 ** 20;

/** The value that a share of all are below. */
function atShare(values: Float64Array, share: number): number {
  const place = Math.floor(share * (values.length - 1));
  let most = 0, isWhole = true;
  for (const value of values) {
    most = Math.max(most, value);
    isWhole &&= Number.isInteger(value);
  }
  if (!isWhole || most > mostCounted) return values.toSorted()[place]!;
  const counts = new Uint32Array(most + 1);
  for (const value of values) counts[value]!++;
  let below = 0;
  return counts.findIndex((count) => (below += count) > place);
}

/**
 * Where the sum over a rectangle is largest that meets none of those chosen;
 * the first of equal ones.
 */
function busiest(
  { columns, rows, sums }: Activity,
  { across, down }: { readonly across: number; readonly down: number },
  chosen: readonly Cell[],
): Cell | undefined {
  const stride = columns + 1;
  const meets = (x: number, y: number): boolean =>
    chosen.some((cell) =>
      Math.abs(cell.x - x) < across && Math.abs(cell.y - y) < down
    );
  let best: Cell | undefined, most = -1;
  for (let y = 0; y + down <= rows; y++) {
    for (let x = 0; x + across <= columns; x++) {
      const top = y * stride + x, bottom = top + down * stride;
      const sum = sums[bottom + across]! - sums[bottom]! -
        sums[top + across]! + sums[top]!;
      if (sum <= most || meets(x, y)) continue;
      most = sum;
      best = { x, y };
    }
  }
  return best;
}
