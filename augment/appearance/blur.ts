import type { Image } from "@unet/data";
import { colorChannels, holderOf } from "../_pixels.ts";

/**
 * Blurs by a Gaussian, in place, each channel alone; alpha stays. The kernel
 * ends at three standard deviations; beyond the edge lies the image's
 * reflection, which does not repeat the edge pixels (SciPy's "mirror").
 *
 * @param image The image.
 * @param sigma The standard deviation in pixels; 0 changes nothing.
 */
export function blur(image: Image, sigma: number): void {
  if (sigma === 0) return;
  const { width, height, data, channels } = image;
  const kernel = gaussian(sigma);
  const hold = holderOf(image);
  const plane = new Float32Array(width * height);
  for (let channel = 0; channel < colorChannels(image); channel++) {
    for (let pixel = 0; pixel < plane.length; pixel++) {
      plane[pixel] = data[pixel * channels + channel]!;
    }
    blurRows(plane, width, kernel);
    blurColumns(plane, width, kernel);
    for (let pixel = 0; pixel < plane.length; pixel++) {
      data[pixel * channels + channel] = hold(plane[pixel]!);
    }
  }
}

/** The weights from the center outwards; both sides sum to 1. */
function gaussian(sigma: number): Float64Array {
  const half = Float64Array.from(
    { length: Math.ceil(3 * sigma) + 1 },
    (_, distance) => Math.exp(-0.5 * (distance / sigma) ** 2),
  );
  const sum = half.reduce((all, weight) => all + 2 * weight, -half[0]!);
  return half.map((weight) => weight / sum);
}

function blurRows(plane: Float32Array, width: number, kernel: Float64Array) {
  const radius = kernel.length - 1;
  const padded = new Float32Array(width + 2 * radius);
  const sources = Int32Array.from(
    padded,
    (_, place) => reflected(place - radius, width),
  );
  for (let start = 0; start < plane.length; start += width) {
    for (let place = 0; place < padded.length; place++) {
      padded[place] = plane[start + sources[place]!]!;
    }
    for (let x = 0; x < width; x++) {
      const center = x + radius;
      let sum = kernel[0]! * padded[center]!;
      for (let distance = 1; distance <= radius; distance++) {
        sum += kernel[distance]! *
          (padded[center - distance]! + padded[center + distance]!);
      }
      plane[start + x] = sum;
    }
  }
}

function blurColumns(plane: Float32Array, width: number, kernel: Float64Array) {
  const height = plane.length / width;
  const source = plane.slice();
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) sums[x] = kernel[0]! * source[start + x]!;
    for (let distance = 1; distance < kernel.length; distance++) {
      const above = reflected(y - distance, height) * width;
      const below = reflected(y + distance, height) * width;
      const weight = kernel[distance]!;
      for (let x = 0; x < width; x++) {
        sums[x] = sums[x]! + weight * (source[above + x]! + source[below + x]!);
      }
    }
    plane.set(sums, start);
  }
}

/** The place inside that a place beyond the edge mirrors. */
function reflected(place: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((place % period) + period) % period;
  return Math.min(within, period - within);
}
