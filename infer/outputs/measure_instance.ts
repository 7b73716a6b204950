import type { Image } from "@unet/data";
import type { Instance, StackPlace } from "../instances/instance.ts";
import { checkInstance } from "./_check_instance.ts";
import { convexArea } from "./_convex_area.ts";
import { perimeterOf } from "./_perimeter.ts";
import type { PixelSize } from "@unet/data";

/** Lengths and areas, all in pixels or all in micrometers. */
export interface Extent {
  /** The pixels' area. */
  readonly area: number;
  /**
   * The border's length along the centers of its pixels; undefined in
   * micrometers where pixels are not square, for which it is not defined.
   */
  readonly perimeter: number | undefined;
  /** The mean of the pixels' columns; the first column's center is 0. */
  readonly centroidX: number;
  /** The mean of the pixels' rows; the first row's center is 0. */
  readonly centroidY: number;
  /** The longer axis of the ellipse with the same second moments. */
  readonly majorAxis: number;
  /** Its shorter axis. */
  readonly minorAxis: number;
}

/** One channel of an image within an object's bounding box. */
export interface ChannelPixels {
  /** The channel's name. */
  readonly name: string;
  /** The pixels. */
  readonly pixels: Image;
  /** Which of their interleaved values is this channel's; 0 by default. */
  readonly sample?: number;
}

/** The intensity of an object in one channel, in the image's own values. */
export interface Intensity {
  /** The channel's name. */
  readonly channel: string;
  /** The mean of its pixels' values. */
  readonly mean: number;
  /** The smallest of them. */
  readonly min: number;
  /** The largest of them. */
  readonly max: number;
  /** Their standard deviation, of these pixels and not of a sample. */
  readonly std: number;
  /** Their sum. */
  readonly sum: number;
}

/** The measurements of an object. */
export interface Measurement {
  /** The object's label. */
  readonly label: number;
  /** Where the object is in a stack; absent where the image is no stack. */
  readonly place?: StackPlace;
  /** The number of its class; absent where the network knows none. */
  readonly class?: number;
  /** The bounding box's first column on the image. */
  readonly x: number;
  /** The bounding box's first row on the image. */
  readonly y: number;
  /** Columns of the bounding box. */
  readonly width: number;
  /** Rows of the bounding box. */
  readonly height: number;
  /**
   * The mean probability of its pixels, 0…1; absent where no network predicted
   * them.
   */
  readonly probability?: number;
  /** In pixels. */
  readonly pixels: Extent;
  /** In micrometers, where the pixel size is known. */
  readonly micrometers?: Extent;
  /** Of the ellipse with the same second moments in pixels: 0 for a circle, below 1. */
  readonly eccentricity: number;
  /** The area's share of its convex hull's. */
  readonly solidity: number;
  /** One per channel, in the order in which they were given. */
  readonly intensities: readonly Intensity[];
}

/** Facts for measuring besides an object's outline. */
export interface MeasureOptions {
  /** The image's channels within the object's bounding box; none by default. */
  readonly channels?: readonly ChannelPixels[];
  /** How large a pixel is. */
  readonly pixelSize?: PixelSize;
}

/**
 * Measures an object, with the definitions of scikit-image's `regionprops`.
 *
 * @param instance The object.
 * @param options The channels below it, and how large a pixel is.
 * @returns Its measurements.
 * @throws {RangeError} If the object is empty, or its mask or the pixels are
 * not of its bounding box's size.
 *
 * @example
 * ```ts
 * import { measureInstance } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const { pixels, intensities } = measureInstance({
 *   label: 1,
 *   x: 10,
 *   y: 20,
 *   width: 3,
 *   height: 1,
 *   mask: new Uint8Array([1, 1, 1]),
 *   probability: 0.9,
 * }, {
 *   channels: [{
 *     name: "DAPI",
 *     pixels: {
 *       width: 3,
 *       height: 1,
 *       channels: 1,
 *       depth: 8,
 *       data: new Uint8Array([10, 30, 50]),
 *     },
 *   }],
 * });
 * assertEquals([pixels.area, pixels.centroidX], [3, 11]);
 * assertEquals(intensities[0], {
 *   channel: "DAPI",
 *   mean: 30,
 *   min: 10,
 *   max: 50,
 *   std: Math.sqrt(800 / 3),
 *   sum: 90,
 * });
 * ```
 */
export function measureInstance(
  instance: Instance,
  { channels = [], pixelSize }: MeasureOptions = {},
): Measurement {
  checkInstance("measure object", instance);
  const { label, x, y, width, height, mask, probability, place } = instance;
  const moments = momentsOf(instance), { area } = moments;
  const perimeter = perimeterOf(mask, width, height);
  const [major, minor] = squaredAxes(moments, { x: 1, y: 1 });
  const measured = {
    ...{ label, x, y, width, height },
    ...(probability !== undefined && { probability }),
    ...(place && { place }),
    ...(instance.class !== undefined && { class: instance.class }),
    pixels: extentOf(moments, perimeter, { x: 1, y: 1 }),
    eccentricity: major === 0 ? 0 : Math.sqrt(1 - minor / major),
    solidity: area / convexArea(mask, width, height),
    intensities: channels.map((each) => intensityOf(instance, each, area)),
  };
  if (!pixelSize) return measured;
  return { ...measured, micrometers: extentOf(moments, perimeter, pixelSize) };
}

/** Sums over an object's pixels. */
interface Moments {
  readonly area: number;
  /** The mean column and row on the image. */
  readonly x: number;
  readonly y: number;
  /** Variances of columns and rows, and what they vary together. */
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

function momentsOf({ x, y, width, height, mask }: Instance): Moments {
  let area = 0, sumX = 0, sumY = 0, sumXX = 0, sumYY = 0, sumXY = 0;
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      if (mask[pixel] !== 1) continue;
      area++;
      sumX += column;
      sumY += row;
      sumXX += column * column;
      sumYY += row * row;
      sumXY += column * row;
    }
  }
  // Whole numbers up to the division, so that a line has exactly no width.
  const spread = (sumOfProducts: number, first: number, second: number) =>
    (area * sumOfProducts - first * second) / (area * area);
  return {
    area,
    x: x + sumX / area,
    y: y + sumY / area,
    xx: spread(sumXX, sumX, sumX),
    yy: spread(sumYY, sumY, sumY),
    xy: spread(sumXY, sumX, sumY),
  };
}

/** The variances along the ellipse's axes, the larger first. */
function squaredAxes(
  { xx, yy, xy }: Moments,
  size: PixelSize,
): [number, number] {
  const a = xx * size.x ** 2, b = yy * size.y ** 2, c = xy * size.x * size.y;
  const middle = (a + b) / 2, reach = Math.hypot((a - b) / 2, c);
  return [middle + reach, Math.max(0, middle - reach)];
}

function extentOf(
  moments: Moments,
  perimeter: number,
  size: PixelSize,
): Extent {
  const [major, minor] = squaredAxes(moments, size);
  // Sizes that are stored as pixels per inch differ in their last digits.
  const isSquare = Math.abs(size.x / size.y - 1) < 1e-3;
  return {
    area: moments.area * size.x * size.y,
    perimeter: isSquare ? perimeter * size.x : undefined,
    centroidX: moments.x * size.x,
    centroidY: moments.y * size.y,
    majorAxis: 4 * Math.sqrt(major),
    minorAxis: 4 * Math.sqrt(minor),
  };
}

function intensityOf(
  { label, width, height, mask }: Instance,
  { name, pixels, sample = 0 }: ChannelPixels,
  area: number,
): Intensity {
  const { channels, data } = pixels;
  if (
    pixels.width !== width || pixels.height !== height ||
    data.length !== width * height * channels || !(sample < channels)
  ) {
    throw new RangeError(
      `Cannot measure object ${label}: found ${data.length} values of ${pixels.width}×${pixels.height} pixels, expected ${width}×${height} with ${channels} each`,
    );
  }
  let sum = 0, min = Infinity, max = -Infinity;
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] !== 1) continue;
    const value = data[pixel * channels + sample]!;
    sum += value;
    // NaN stays NaN.
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / area;
  let squares = 0;
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] !== 1) continue;
    squares += (data[pixel * channels + sample]! - mean) ** 2;
  }
  return { channel: name, mean, min, max, std: Math.sqrt(squares / area), sum };
}
