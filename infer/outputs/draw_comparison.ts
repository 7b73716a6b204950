import {
  type Image,
  type Intensities,
  type Labels,
  pictureOf,
} from "@unet/data";
import { isOutline } from "./_is_outline.ts";

/**
 * The colors of outlines, red, green, blue: both stand out on black, on white
 * and on the purple of stained tissue, and from each other also to people who
 * do not distinguish red from green.
 */
export const comparisonColors = {
  /** True objects. */
  truth: [255, 128, 0],
  /** Predicted ones. */
  prediction: [0, 170, 255],
} as const;

/** Smaller images are enlarged to about this side, for outlines to have room. */
const side = 768, mostEnlarged = 4;

/**
 * Draws where predicted objects and the true ones lie on their image: true
 * outlines in orange, 2 pixels wide, predicted ones in blue, 1 pixel wide, on
 * top of them, and a dark casing around them. Where both agree, blue has an
 * orange rim inside; an object that was missed is orange alone, one too many is
 * blue alone.
 *
 * Small images are enlarged by a whole factor, at most 4, so that outlines do
 * not hide what they surround.
 *
 * @param image The image.
 * @param truth The true objects, of the same size.
 * @param prediction The predicted ones, of the same size.
 * @param intensities The values that are drawn darkest and brightest, as a
 * network sees them; those of `stretch-dark` by default.
 * @returns A new 8-bit RGB image.
 * @throws {RangeError} If the sizes differ.
 *
 * @example
 * ```ts
 * import { comparisonColors, drawComparison } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const size = { width: 2, height: 1 };
 * const data = new Uint8Array([200, 0]);
 * const image = { ...size, channels: 1, depth: 8, data } as const;
 * const truth = { ...size, data: new Uint32Array([1, 0]) };
 * const prediction = { ...size, data: new Uint32Array([0, 1]) };
 * const drawn = drawComparison(image, truth, prediction);
 * assertEquals([drawn.width, drawn.height], [8, 4]);
 * // The right edge of the one, the left edge of the other.
 * assertEquals([...drawn.data.slice(9, 12)], [...comparisonColors.truth]);
 * assertEquals([...drawn.data.slice(12, 15)], [...comparisonColors.prediction]);
 * ```
 */
export function drawComparison(
  image: Image,
  truth: Labels,
  prediction: Labels,
  intensities?: Intensities,
): Image {
  const { width, height } = image;
  for (const labels of [truth, prediction]) {
    if (labels.width === width && labels.height === height) continue;
    throw new RangeError(
      `Cannot draw comparison: found labels of ${labels.width}×${labels.height}, expected ${width}×${height} as their image`,
    );
  }
  const factor = Math.min(
    mostEnlarged,
    Math.max(1, Math.floor(side / Math.max(width, height))),
  );
  const large = { width: width * factor, height: height * factor };
  const data = enlarged(pictureOf(image, intensities).data, width, factor, 3);
  const lines = new Uint8Array(large.width * large.height);
  const outline = (
    labels: Labels,
    color: readonly number[],
    reach: number,
  ): Uint32Array => {
    const objects = enlarged(labels.data, width, factor, 1);
    const grid = { ...large, objects };
    for (let y = 0, at = 0; y < large.height; y++) {
      for (let x = 0; x < large.width; x++, at++) {
        const own = objects[at]!;
        if (own === 0) continue;
        const style = { reach, own };
        if (!isOutline(grid, x, y, style)) continue;
        data.set(color, 3 * at);
        lines[at] = 1;
      }
    }
    return objects;
  };
  const all = [
    outline(truth, comparisonColors.truth, 2),
    outline(prediction, comparisonColors.prediction, 1),
  ];
  const isBackground = (at: number): boolean =>
    all.every((objects) => objects[at] === 0);
  darkenAround(lines, large, data, isBackground);
  return { ...large, channels: 3, depth: 8, data };
}

/** How much of the image the dark casing of a line leaves. */
const leftByCasing = 0.2;

/** Draws a dark casing around lines, on background, so that they show on it. */
function darkenAround(
  lines: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  data: Uint8Array,
  isBackground: (at: number) => boolean,
): void {
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (lines[at] === 1 || !isBackground(at)) continue;
      const isNear = [-1, 0, 1].some((dy) =>
        [-1, 0, 1].some((dx) =>
          x + dx >= 0 && x + dx < width && lines[at + dy * width + dx] === 1
        )
      );
      if (!isNear) continue;
      for (let value = 3 * at; value < 3 * at + 3; value++) {
        data[value] = Math.round(data[value]! * leftByCasing);
      }
    }
  }
}

/** Rows of pixels in which each is repeated in both directions. */
function enlarged<Values extends Uint8Array | Uint32Array>(
  values: Values,
  width: number,
  factor: number,
  channels: number,
): Values {
  const Type = values.constructor as new (length: number) => Values;
  const out = new Type(values.length * factor ** 2);
  const row = width * channels, longRow = row * factor;
  for (let at = 0; at * row < values.length; at++) {
    const first = at * factor * longRow;
    for (let x = 0; x < width * factor; x++) {
      const from = at * row + Math.floor(x / factor) * channels;
      for (let channel = 0; channel < channels; channel++) {
        out[first + x * channels + channel] = values[from + channel]!;
      }
    }
    for (let copy = 1; copy < factor; copy++) {
      out.copyWithin(first + copy * longRow, first, first + longRow);
    }
  }
  return out;
}
