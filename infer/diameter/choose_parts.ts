import type { Image, ImageSize, Rectangle } from "@unet/data";

/** Of the steps between neighbors, the largest 5 of 100 count as one size. */
const cap = 0.95;

/**
 * Chooses the parts of an image where most happens: those with the most edges,
 * seen in a small copy of it. Single bright specks do not count more than the
 * edges of objects do.
 *
 * @param overview A small copy of the image.
 * @param image The image's size.
 * @param options The parts' size in the image's pixels, and how many are wanted.
 * @returns The parts, which do not overlap; the one where most happens first.
 * Fewer where there is no room for more.
 *
 * @example
 * ```ts
 * import { chooseParts } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array(64).fill(9);
 * data[63] = 200;
 * const overview = { width: 8, height: 8, channels: 1, depth: 8, data } as const;
 * const [part] = chooseParts(
 *   overview,
 *   { width: 800, height: 800 },
 *   { width: 200, height: 200, count: 1 },
 * );
 * assertEquals(part, { x: 600, y: 600, width: 200, height: 200 });
 * ```
 */
export function chooseParts(
  overview: Image,
  image: ImageSize,
  { width, height, count }: ImageSize & { readonly count: number },
): Rectangle[] {
  const { width: columns, height: rows } = overview;
  const edges = edgesOf(overview);
  const across = Math.min(columns, toCells(width, columns / image.width));
  const down = Math.min(rows, toCells(height, rows / image.height));
  const parts: Rectangle[] = [];
  while (parts.length < count) {
    const best = busiest(edges, columns, { across, down });
    if (!best) break;
    const { x, y } = best;
    parts.push({
      x: Math.min(image.width - width, Math.round(x * image.width / columns)),
      y: Math.min(image.height - height, Math.round(y * image.height / rows)),
      ...{ width, height },
    });
    // No other part lies on it: what it holds is less than nothing.
    for (let row = y; row < y + down; row++) {
      edges.fill(-Infinity, row * columns + x, row * columns + x + across);
    }
  }
  return parts;
}

function toCells(length: number, cellsPerPixel: number): number {
  return Math.max(1, Math.round(length * cellsPerPixel));
}

/** How much each pixel differs from those on its right and below. */
function edgesOf({ width, height, channels, data }: Image): Float64Array {
  const colors = channels === 4 ? 3 : channels;
  const gray = Float64Array.from({ length: width * height }, (_, at) => {
    let sum = 0;
    for (let channel = 0; channel < colors; channel++) {
      sum += data[at * channels + channel]!;
    }
    return Number.isFinite(sum) ? sum : 0;
  });
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
  const sorted = edges.slice().sort();
  const most = sorted[Math.floor(cap * (sorted.length - 1))]!;
  // Where less than a twentieth has any edge, all of them count alike.
  return edges.map((edge) => Math.min(edge, most > 0 ? most : 1));
}

/** Where the sum over a rectangle is largest; the first of equal ones. */
function busiest(
  edges: Float64Array,
  columns: number,
  { across, down }: { readonly across: number; readonly down: number },
): { readonly x: number; readonly y: number } | undefined {
  const rows = edges.length / columns, stride = columns + 1;
  const sums = new Float64Array(stride * (rows + 1));
  const taken = new Int32Array(stride * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let sum = 0, count = 0;
    for (let x = 0; x < columns; x++) {
      const edge = edges[y * columns + x]!;
      if (edge === -Infinity) count++;
      else sum += edge;
      const at = (y + 1) * stride + x + 1;
      sums[at] = sums[at - stride]! + sum;
      taken[at] = taken[at - stride]! + count;
    }
  }
  let best: { x: number; y: number } | undefined, most = -1;
  for (let y = 0; y + down <= rows; y++) {
    for (let x = 0; x + across <= columns; x++) {
      const over = (of: Float64Array | Int32Array): number =>
        of[(y + down) * stride + x + across]! - of[y * stride + x + across]! -
        of[(y + down) * stride + x]! + of[y * stride + x]!;
      if (over(taken) > 0 || over(sums) <= most) continue;
      most = over(sums);
      best = { x, y };
    }
  }
  return best;
}
