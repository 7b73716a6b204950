import type { Image } from "@unet/data";
import type { Random } from "@unet/random";
import { hasColor, holderOf } from "../_pixels.ts";
import { colorSpans, valueStatistics } from "../_value_statistics.ts";

/**
 * Darkens an image smoothly from its brightest to its dimmest place, in place:
 * values are multiplied by a field whose logarithm is a random quadratic
 * polynomial, as of a lamp that is not centered and a lens that loses light
 * toward the corners. All channels have one field. It multiplies what lies above
 * black in color images, so that hues stay, and above the channel's own lowest
 * value in others, whose cameras have an offset.
 *
 * @param image The image.
 * @param ratio How much brighter the brightest place is lit than the dimmest,
 * from 1.
 * @param random Where the field is drawn from.
 */
export function lightUnevenly(
  image: Image,
  ratio: number,
  random: Random,
): void {
  const { width, height, data, channels } = image;
  const light = drawLight(random, width, height);
  const fallOff = Math.log(ratio);
  const field = light.map((brightness) => Math.exp((brightness - 1) * fallOff));
  const hold = holderOf(image);
  const colored = hasColor(image);
  for (const { first, count } of colorSpans(image)) {
    const low = colored ? 0 : valueStatistics(image, { first, count }).low;
    for (let pixel = 0; pixel < field.length; pixel++) {
      const start = pixel * channels + first;
      for (let i = start; i < start + count; i++) {
        data[i] = hold(low + (data[i]! - low) * field[pixel]!);
      }
    }
  }
}

/** A quadratic polynomial, 0 at its lowest pixel and 1 at its highest. */
function drawLight(
  random: Random,
  width: number,
  height: number,
): Float32Array {
  const tiltX = random.normal(), tiltY = random.normal();
  const bendX = random.normal(), bendY = random.normal();
  const twist = random.normal();
  const light = new Float32Array(width * height);
  let low = Infinity, high = -Infinity;
  for (let row = 0, pixel = 0; row < height; row++) {
    const y = 2 * (row + 0.5) / height - 1;
    for (let column = 0; column < width; column++, pixel++) {
      const x = 2 * (column + 0.5) / width - 1;
      const value = (tiltX + bendX * x + twist * y) * x +
        (tiltY + bendY * y) * y;
      light[pixel] = value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const span = high - low;
  if (!(span > 0)) return light.fill(1);
  for (let pixel = 0; pixel < light.length; pixel++) {
    light[pixel] = (light[pixel]! - low) / span;
  }
  return light;
}
