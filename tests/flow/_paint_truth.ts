import type { Labels } from "@unet/data";

/** A stroke of the brush. */
export interface Stroke {
  /** Where it leads, in whole pixels: `[x, y, x, y, …]`. */
  readonly points: readonly number[];
  /** The size of the brush in pixels. */
  readonly size: number;
}

/** The brush that a person takes for small nuclei. */
const size = 3;

/**
 * The strokes of a person who knows the truth: for each object one, to and fro
 * within it on every second row, as fills are painted by hand. Objects come out
 * nearly as they are, not quite.
 *
 * @param labels The truth.
 */
export function strokesOf({ width, height, data }: Labels): Stroke[] {
  const strokes = [...new Set(data)].filter((object) => object > 0)
    .map((object) => {
      const points: number[] = [];
      for (let y = 0, last = -2, isBack = false; y < height; y++) {
        const row = data.subarray(y * width, (y + 1) * width);
        const from = row.indexOf(object), to = row.lastIndexOf(object);
        // The brush reaches a pixel beyond its middle.
        if (to - from < 2 || y - last < 2) continue;
        const [first, end] = isBack ? [to - 1, from + 1] : [from + 1, to - 1];
        points.push(first!, y, end!, y);
        isBack = !isBack;
        last = y;
      }
      // Begun in the middle: an edge may lie under the neighbor's stroke.
      const middle = points.slice(points.length >> 2 << 1).slice(0, 2);
      return { points: [...middle, ...points], size };
    });
  return strokes.filter(({ points }) => points.length > 0);
}
