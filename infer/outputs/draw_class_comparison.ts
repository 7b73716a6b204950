import { type Image, type Labels, unlabeled } from "@unet/data";
import { Canvas, captionHeight } from "@unet/data/canvas";
import { cannot } from "@unet/errors";
import {
  classColor,
  type ClassStyle,
  classStyles,
  type Color,
} from "./class_color.ts";
import { drawLegend } from "./draw_legend.ts";

/** The panels, from left to right. */
const captions = ["Input", "Ground truth", "Prediction", "Agreement"] as const;

/** Pixels whose class is wrong: no class has this color. */
const wrong: ClassStyle = { name: "wrong class", color: [255, 0, 255] };

/** Pixels that have no class in the ground truth. */
const without: ClassStyle = { name: "unlabeled", color: [128, 128, 128] };

/** How much of a class's color, and of others, covers the pixel. */
const opacity = { class: 0.55, wrong: 0.8 } as const;

/** Smaller images are enlarged by a whole factor, so that captions have room. */
const leastPanel = 144;

/** Dots around captions and between panels. */
const gap = 4;

/** A picture of this side shows captions dot by dot. */
const sideOfDots = 700;

/**
 * The image, prediction and ground truth that {@linkcode drawClassComparison}
 * compares.
 */
export interface ClassComparison {
  /** The true class of each pixel, or `unlabeled` of `@unet/data`. */
  readonly truth: Labels;
  /** The predicted class of each pixel. */
  readonly prediction: Labels;
  /** The classes' names, the background first. */
  readonly classes: readonly string[];
}

/**
 * Draws an image four times, with captions and a legend: as it is, with the
 * true classes, with the predicted ones (`classColor()`), and with where these
 * agree, wrong pixels in magenta. Unlabeled pixels are gray.
 *
 * @param image The image, 8-bit RGB, as `pictureOf` of `@unet/data` gives it.
 * @param comparison The classes, of the image's size.
 * @returns A new 8-bit RGB image. Images of less than 144 pixels in width are
 * enlarged by a whole factor.
 * @throws {RangeError} If the image is not 8-bit RGB, sizes differ, or a number
 * is not that of a class.
 *
 * @example
 * ```ts
 * import { drawClassComparison } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const size = { width: 200, height: 100 }, pixels = 200 * 100;
 * const data = new Uint8Array(3 * pixels);
 * const drawn = drawClassComparison({ ...size, channels: 3, depth: 8, data }, {
 *   truth: { ...size, data: new Uint32Array(pixels).fill(1) },
 *   prediction: { ...size, data: new Uint32Array(pixels) },
 *   classes: ["background", "axon"],
 * });
 * // Four panels and three gaps.
 * assertEquals(drawn.width, 4 * 200 + 3 * 4);
 * ```
 */
export function drawClassComparison(
  image: Image,
  comparison: ClassComparison,
): Image {
  const { width, height } = image;
  check(image, comparison);
  const factor = Math.ceil(leastPanel / width);
  const panel = width * factor;
  const scale = Math.max(1, Math.round(panel / sideOfDots));
  const space = gap * scale, line = captionHeight * scale + 2 * space;
  const whole = captions.length * (panel + space) - space;
  const legend = drawLegend(stylesOf(comparison), { width: whole, scale });
  const top = line + height * factor;
  const canvas = new Canvas(legend.width, top + legend.height);
  captions.forEach((caption, at) => {
    const left = at * (panel + space);
    canvas.write(caption, [left, space], { scale });
    for (let pixel = 0; pixel < width * height; pixel++) {
      const own = [...image.data.subarray(3 * pixel, 3 * pixel + 3)];
      const place = {
        x: left + pixel % width * factor,
        y: line + Math.floor(pixel / width) * factor,
      };
      canvas.fill(
        { ...place, width: factor, height: factor },
        tinted(own, tintOf(caption, comparison, pixel)),
      );
    }
  });
  canvas.image.data.set(legend.data, 3 * top * legend.width);
  return canvas.image;
}

/** What covers a pixel, and how much. */
type Tint = readonly [color: Color, opacity: number] | null;

/** A pixel of a panel. */
function tintOf(
  panel: typeof captions[number],
  { truth, prediction }: ClassComparison,
  pixel: number,
): Tint {
  const real = truth.data[pixel]!, found = prediction.data[pixel]!;
  const ofClass = (number: number): Tint =>
    number === 0 ? null : [classColor(number), opacity.class];
  const isUnlabeled = real === unlabeled;
  switch (panel) {
    case "Input":
      return null;
    case "Ground truth":
      return isUnlabeled ? [without.color, opacity.class] : ofClass(real);
    case "Prediction":
      return ofClass(found);
    case "Agreement":
      if (isUnlabeled) return [without.color, opacity.class];
      return real === found ? ofClass(real) : [wrong.color, opacity.wrong];
  }
}

function tinted(own: readonly number[], tint: Tint): readonly number[] {
  if (tint === null) return own;
  const [color, share] = tint;
  return color.map((value, at) =>
    Math.round(own[at]! + share * (value - own[at]!))
  );
}

/** What the legend lists. */
function stylesOf({ classes, truth }: ClassComparison): ClassStyle[] {
  const [, ...shown] = classStyles(classes);
  const isSparse = truth.data.includes(unlabeled);
  return [...shown, wrong, ...(isSparse ? [without] : [])];
}

/** @throws {RangeError} If classes are not of their image. */
function check(
  { width, height, channels, depth }: Image,
  { truth, prediction, classes }: ClassComparison,
): void {
  if (channels !== 3 || depth !== 8) {
    throw new RangeError(
      cannot("draw", "classes on image of", `${channels} channels`, {
        found: `${depth} bits`,
        expected: "3 channels of 8 bits",
      }),
    );
  }
  for (const labels of [truth, prediction]) {
    if (labels.width !== width || labels.height !== height) {
      throw new RangeError(
        cannot("draw", "classes of size", `${labels.width}×${labels.height}`, {
          found: `an image of ${width}×${height}`,
          expected: "one size",
        }),
      );
    }
    const other = labels.data.find((number) =>
      number >= classes.length && (labels !== truth || number !== unlabeled)
    );
    if (other === undefined) continue;
    throw new RangeError(
      cannot("draw", "class", String(other), {
        found: `${classes.length} classes`,
        expected: `0 to ${classes.length - 1}`,
      }),
    );
  }
}
