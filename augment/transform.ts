import type { Image, Labels } from "@unet/data";
import type { Random } from "@unet/random";
import { checkFills, checkSample } from "./_check_sample.ts";
import { drawRegions, erase } from "./_erase.ts";
import { drawGeometry } from "./_geometry.ts";
import { happens } from "./_happens.ts";
import { type Pair, paste } from "./_paste.ts";
import { isPermutation, permute } from "./_permute.ts";
import { resample } from "./_resample.ts";
import { drawTone } from "./_tone.ts";
import { changeAppearance } from "./appearance/change_appearance.ts";
import { changeObjectContrast } from "./appearance/change_object_contrast.ts";
import { resolveTransformOptions } from "./resolve_transform_options.ts";
import type { TransformOptions, TransformSettings } from "./settings.ts";

/** Where `transform()` gets another image from. */
export interface OtherSource {
  /**
   * Draws another image of the same kind and its labels, to paste objects
   * from; the image itself if not given.
   */
  readonly other?:
    | ((random: Random) => { image: Image; labels: Labels })
    | undefined;
}

/**
 * Transforms an image and its labels together, at random: flips, rotation,
 * elastic deformation and region erasing, and what else the options switch on.
 *
 * All geometry is composed and resampled once: bilinear for the image, nearest
 * for the labels, which therefore hold no number that they did not hold before.
 * Flips and quarter turns alone move pixels without interpolation. Objects are
 * pasted before, values change after geometry, and erasing comes last. The draws have a fixed order, so the same
 * stream and settings give the same result.
 *
 * The elastic deformation follows Ronneberger, Fischer and Brox, "U-Net"
 * (2015), section 3.1: normal displacements on a coarse grid, interpolated
 * bicubically, here by a cubic B-spline, which cannot fold.
 *
 * @param image `height · width · channels` values of any depth; left as it is.
 * @param labels `height · width` instance numbers; left as they are.
 * @param random The source of every draw.
 * @param options What to do how often and how strongly.
 * @returns A new image and new labels of the same size, channels and depth.
 * @throws {TypeError} If image and labels do not fit each other or an option
 * does not exist.
 * @throws {RangeError} If an option's value is out of its range.
 *
 * @example
 * ```ts
 * import { transform } from "@unet/augment";
 * import type { Image, Labels } from "@unet/data";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Image = {
 *   width: 3,
 *   height: 1,
 *   channels: 1,
 *   depth: 8,
 *   data: new Uint8Array([10, 20, 30]),
 * };
 * const labels: Labels = {
 *   width: 3,
 *   height: 1,
 *   data: new Uint32Array([0, 0, 7]),
 * };
 * const never = { probability: 0 };
 * const flipped = transform(image, labels, createRandom(0), {
 *   horizontalFlip: { probability: 1 },
 *   verticalFlip: never,
 *   rotation: never,
 *   erasing: never,
 *   elastic: never,
 * });
 * assertEquals([...flipped.image.data], [30, 20, 10]);
 * assertEquals([...flipped.labels.data], [7, 0, 0]);
 * ```
 */
export function transform(
  image: Image,
  labels: Labels,
  random: Random,
  { other, ...options }: TransformOptions & OtherSource = {},
): { image: Image; labels: Labels } {
  const settings = resolveTransformOptions(options);
  checkSample(image, labels);
  checkFills(image, settings);
  const { width, height } = image;
  const geometry = drawGeometry(random, settings, width, height);
  const tone = drawTone(random, settings);
  const regions = happens(random, settings.erasing)
    ? drawRegions(random, settings.erasing, width, height)
    : [];

  const whole = pasteSome({ image, labels }, settings, { random, other });
  const moved = isPermutation(geometry, width, height)
    ? permute(whole.image, whole.labels, geometry.matrix)
    : resample(whole.image, whole.labels, geometry, settings.border);
  const { objectContrast: { probability, range } } = settings;
  if (probability > 0 && happens(random, { probability })) {
    changeObjectContrast(moved.image, moved.labels, range, random);
  }
  changeAppearance(moved.image, settings, random, tone);
  if (regions.length > 0) {
    erase(moved, regions, settings.erasing, random);
  }
  return moved;
}

/** Draws whether objects of another image are pasted, and pastes them. */
function pasteSome(
  pair: Pair,
  { paste: { probability, count } }: TransformSettings,
  { random, other }: OtherSource & { readonly random: Random },
): Pair {
  if (probability === 0 || !happens(random, { probability })) return pair;
  const donor = other ? other(random) : pair;
  checkSample(donor.image, donor.labels);
  return paste(pair, donor, random.integer(...count), random);
}
