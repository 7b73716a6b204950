import { channelsOfHeads } from "@unet/task";
import { objectHead, type Predict } from "./predict.ts";

/** A way to look at a window: transposed or not, then mirrored or not. */
interface View {
  readonly transposed: boolean;
  readonly mirroredX: boolean;
  readonly mirroredY: boolean;
}

/**
 * Lets a network look at each window several times, mirrored, and takes the
 * mean of what it says: test-time augmentation, which costs as many passes.
 *
 * @param predict The network.
 * @param views 4 (as it is, mirrored left to right, top to bottom, both), or 8
 * (these and the same of the transposed window: all turns and mirrorings of a
 * square).
 * @returns The mean of the views, each brought back to its place.
 * @throws {RangeError} If there are neither 4 nor 8 views.
 *
 * @example
 * ```ts
 * import { type Predict, withFlips } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * // Says 1 of the first pixel that it sees, and 0 of all others.
 * const first: Predict = (x, [n, height, width]) =>
 *   Promise.resolve(new Float32Array(n * height * width).fill(1, 0, 1));
 * const mean = await withFlips(first, 4)(new Float32Array(12), [1, 2, 2]);
 * assertEquals(mean, new Float32Array([0.25, 0.25, 0.25, 0.25]));
 * ```
 */
export function withFlips(predict: Predict, views: 4 | 8): Predict {
  const list = viewsOf(views);
  const { heads = [objectHead], input, ahead = 0 } = predict;
  const channels = channelsOfHeads(heads);
  const flipped = async (
    given: Float32Array,
    shape: readonly [number, number, number],
  ): Promise<Float32Array> => {
    // Whoever gives the next windows beforehand needs the memory again.
    const x = ahead > 0 ? given.slice() : given;
    const [count, height, width] = shape;
    const colors = x.length / (count * height * width);
    const sum = new Float32Array(count * height * width * channels);
    const seen = new Float32Array(x.length);
    for (const view of list) {
      const [rows, columns] = view.transposed
        ? [width, height]
        : [height, width];

      walk(view, shape, (at, place) => {
        for (let c = 0; c < colors; c++) {
          seen[place * colors + c] = x[at * colors + c]!;
        }
      });
      const values = await predict(seen, [count, rows, columns]);
      walk(view, shape, (at, place) => {
        for (let c = 0; c < channels; c++) {
          sum[at * channels + c]! += values[place * channels + c]!;
        }
      });
    }
    for (let at = 0; at < sum.length; at++) sum[at]! /= list.length;
    return sum;
  };
  return Object.assign(flipped, { heads, ahead, ...(input && { input }) });
}

function viewsOf(count: number): View[] {
  if (count !== 4 && count !== 8) {
    throw new RangeError(
      `Cannot flip windows: found ${count} views, expected 4 or 8`,
    );
  }
  const flags = [false, true];
  return (count === 8 ? flags : [false]).flatMap((transposed) =>
    flags.flatMap((mirroredY) =>
      flags.map((mirroredX) => ({ transposed, mirroredX, mirroredY }))
    )
  );
}

/** Visits each pixel of the windows with its place in the view. */
function walk(
  { transposed, mirroredX, mirroredY }: View,
  [count, height, width]: readonly [number, number, number],
  visit: (at: number, place: number) => void,
): void {
  let at = 0;
  for (let n = 0; n < count; n++) {
    const start = at;
    for (let y = 0; y < height; y++) {
      const row = mirroredY ? height - 1 - y : y;
      for (let x = 0; x < width; x++, at++) {
        const column = mirroredX ? width - 1 - x : x;
        const place = transposed ? column * height + row : row * width + column;
        visit(at, start + place);
      }
    }
  }
}
