import type { Image, Labels } from "@unet/data";
import { cannot } from "@unet/errors";
import { fullScale } from "./_pixels.ts";
import type { TransformSettings } from "./settings.ts";

const arrays = { 8: Uint8Array, 16: Uint16Array, 32: Float32Array };

/**
 * Refuses an image and labels that contradict themselves or each other.
 *
 * @throws {TypeError} If a size, length or kind of array does not fit.
 */
export function checkSample(image: Image, labels: Labels): void {
  const { width, height, channels, depth, data } = image;
  const name = `${width}×${height}×${channels}, ${depth} bits`;
  if (
    !(Number.isInteger(width) && width > 0) ||
    !(Number.isInteger(height) && height > 0)
  ) {
    throw mismatch("image", name, "no pixels", "a width and height from 1");
  }
  const isCount = image.isSeparate
    ? Number.isInteger(channels) && channels > 0
    : [1, 3, 4].includes(channels);
  if (!isCount) {
    const expected = image.isSeparate ? "one or more" : "1, 3 or 4";
    throw mismatch("image", name, `${channels} channels`, expected);
  }
  const array = arrays[depth];
  if (!array || !(data instanceof array)) {
    throw mismatch(
      "image",
      name,
      data?.constructor.name ?? "no data",
      array ? array.name : "a depth of 8, 16 or 32 bits",
    );
  }
  const length = width * height * channels;
  if (data.length !== length) {
    throw mismatch("image", name, `${data.length} values`, `${length}`);
  }
  if (labels.width !== width || labels.height !== height) {
    throw mismatch(
      "labels",
      `${labels.width}×${labels.height}`,
      "another size than the image's",
      `${width}×${height}`,
    );
  }
  if (
    !(labels.data instanceof Uint32Array) ||
    labels.data.length !== width * height
  ) {
    throw mismatch(
      "labels",
      `${width}×${height}`,
      `${labels.data?.length} values in ${labels.data?.constructor.name}`,
      `${width * height} in Uint32Array`,
    );
  }
}

function mismatch(
  thing: string,
  name: string,
  found: string,
  expected: string,
): TypeError {
  return new TypeError(cannot("transform", thing, name, { found, expected }));
}

/**
 * Refuses a fill that the image's values cannot hold.
 *
 * @throws {RangeError} If it is not a whole number within the depth.
 */
export function checkFills(
  image: Image,
  { erasing, border }: TransformSettings,
): void {
  if (image.depth === 32) return;
  const highest = fullScale(image);
  for (
    const [name, fill] of [["erasing.fill", erasing.fill], [
      "border",
      border,
    ]] as const
  ) {
    if (typeof fill === "string") continue;
    if (Number.isInteger(fill) && fill >= 0 && fill <= highest) continue;
    throw new RangeError(cannot("use", "option", name, {
      found: `${fill}`,
      expected: `a whole number from 0 to ${highest} for ${image.depth} bits`,
    }));
  }
}
