import type { Image } from "@unet/data";
import { hasColor, holderOf } from "../_pixels.ts";
import {
  type ChannelSpan,
  colorSpans,
  valueStatistics,
} from "../_value_statistics.ts";
import {
  chrominanceSteps,
  luminanceSteps,
  type Plane,
  quantizeBlocks,
  stepsAt,
} from "./quantize_blocks.ts";

/**
 * Does to an image what JPEG does, in place, without its file: blocks of 8×8
 * cosine coefficients, rounded by the tables of ITU-T T.81, annex K, at
 * libjpeg's scale of quality; colors with chrominance at half the resolution
 * (4:2:0), as most programs write them. Alpha stays. JPEG holds 8 bits:
 * deeper images are compressed between their lowest and highest value, separate
 * channels each alone as gray.
 *
 * @param image The image.
 * @param quality A whole number from 1 to 100.
 */
export function compressAsJpeg(image: Image, quality: number): void {
  const colored = hasColor(image);
  for (const span of colorSpans(image)) {
    const { low, high } = image.depth === 8
      ? { low: 0, high: 255 }
      : valueStatistics(image, span);
    if (high === low) continue;
    const scale = { low, step: (high - low) / 255 };
    if (colored) compressColors(image, scale, quality);
    else compressGray(image, span, { ...scale, quality });
  }
}

/** Value = low + step · level, with levels of 0…255. */
interface Scale {
  readonly low: number;
  readonly step: number;
}

function compressGray(
  image: Image,
  { first, count }: ChannelSpan,
  { low, step, quality }: Scale & { readonly quality: number },
): void {
  const { data, channels } = image;
  const plane = planeOf(
    image,
    8,
    (pixel) => (data[pixel * channels + first]! - low) / step - 128,
  );
  quantizeBlocks(plane, stepsAt(luminanceSteps, quality));
  const hold = holderOf(image);
  eachPixel(image, plane, (pixel, place) => {
    const start = pixel * channels + first;
    const value = hold(low + step * toLevel(plane.data[place]! + 128));
    for (let i = start; i < start + count; i++) data[i] = value;
  });
}

/** By luminance and two color differences, as JFIF has them. */
function compressColors(
  image: Image,
  { low, step }: Scale,
  quality: number,
): void {
  const { data, channels } = image;
  const mixed = (red: number, green: number, blue: number, offset: number) =>
    planeOf(image, 16, (pixel) => {
      const i = pixel * channels;
      return (red * (data[i]! - low) + green * (data[i + 1]! - low) +
            blue * (data[i + 2]! - low)) / step - offset;
    });
  const luminance = mixed(0.299, 0.587, 0.114, 128);
  const blueness = halved(mixed(-0.168736, -0.331264, 0.5, 0));
  const redness = halved(mixed(0.5, -0.418688, -0.081312, 0));
  quantizeBlocks(luminance, stepsAt(luminanceSteps, quality));
  quantizeBlocks(blueness, stepsAt(chrominanceSteps, quality));
  quantizeBlocks(redness, stepsAt(chrominanceSteps, quality));
  const cb = doubled(blueness).data, cr = doubled(redness).data;
  const hold = holderOf(image);
  const put = (at: number, level: number) => {
    data[at] = hold(low + step * toLevel(level));
  };
  eachPixel(image, luminance, (pixel, place) => {
    const y = toLevel(luminance.data[place]! + 128);
    put(pixel * channels, y + 1.402 * cr[place]!);
    put(
      pixel * channels + 1,
      y - 0.344136 * cb[place]! - 0.714136 * cr[place]!,
    );
    put(pixel * channels + 2, y + 1.772 * cb[place]!);
  });
}

function toLevel(value: number): number {
  return Math.max(0, Math.min(255, value));
}

/** One value per pixel, its last column and row repeated up to whole blocks. */
function planeOf(
  image: Image,
  block: number,
  valueOf: (pixel: number) => number,
): Plane {
  const width = Math.ceil(image.width / block) * block;
  const height = Math.ceil(image.height / block) * block;
  const data = new Float32Array(width * height);
  for (let y = 0, place = 0; y < height; y++) {
    const row = Math.min(y, image.height - 1) * image.width;
    for (let x = 0; x < width; x++, place++) {
      data[place] = Math.round(valueOf(row + Math.min(x, image.width - 1)));
    }
  }
  return { width, height, data };
}

function eachPixel(
  image: Image,
  plane: Plane,
  visit: (pixel: number, place: number) => void,
): void {
  for (let y = 0, pixel = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++, pixel++) {
      visit(pixel, y * plane.width + x);
    }
  }
}

/** The mean of each 2×2 values. */
function halved({ width, height, data }: Plane): Plane {
  const half = { width: width / 2, height: height / 2 };
  const means = new Float32Array(half.width * half.height);
  for (let y = 0, place = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++, place++) {
      const at = 2 * (y * width + x);
      const sum = data[at]! + data[at + 1]! + data[at + width]! +
        data[at + width + 1]!;
      means[place] = Math.round(sum / 4);
    }
  }
  return { ...half, data: means };
}

/** Twice the size, bilinear: what libjpeg calls fancy upsampling. */
function doubled({ width, height, data }: Plane): Plane {
  const twice = { width: 2 * width, height: 2 * height };
  const values = new Float32Array(twice.width * twice.height);
  const clamped = (place: number, length: number) =>
    Math.max(0, Math.min(length - 1, place));
  for (let y = 0, at = 0; y < twice.height; y++) {
    const near = (y >> 1) * width;
    const far = clamped((y >> 1) + (y % 2 ? 1 : -1), height) * width;
    for (let x = 0; x < twice.width; x++, at++) {
      const own = x >> 1;
      const beside = clamped(own + (x % 2 ? 1 : -1), width);
      values[at] =
        (9 * data[near + own]! + 3 * (data[near + beside]! + data[far + own]!) +
          data[far + beside]!) / 16;
    }
  }
  return { ...twice, data: values };
}
