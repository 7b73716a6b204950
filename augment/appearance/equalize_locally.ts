import type { Image } from "@unet/data";
import { holderOf, luminanceWeights } from "../_pixels.ts";
import {
  type ChannelSpan,
  colorSpans,
  valueStatistics,
} from "../_value_statistics.ts";

/** Levels of a histogram. */
const levels = 256;
/** Regions along each side, as OpenCV and Albumentations have them. */
const regionsPerSide = 8;

/**
 * Equalizes contrast locally, in place: CLAHE (Zuiderveld, "Contrast limited
 * adaptive histogram equalization", Graphics Gems IV, 1994), with OpenCV's
 * redistribution and interpolation, on 256 levels between the image's own
 * lowest and highest value. Colors change by their luminance's difference;
 * separate channels each by themselves.
 *
 * @param image The image.
 * @param clipLimit The most that a level may hold, in multiples of the mean; 1
 * changes next to nothing.
 */
export function equalizeLocally(image: Image, clipLimit: number): void {
  for (const span of colorSpans(image)) equalizeSpan(image, span, clipLimit);
}

function equalizeSpan(image: Image, span: ChannelSpan, clipLimit: number) {
  const { width, height, data, channels } = image;
  const { low, high } = valueStatistics(image, span);
  if (high === low) return;
  const step = (high - low) / (levels - 1);
  const shades = levelsOf(image, span, { low, step });
  const across = Math.min(regionsPerSide, width);
  const down = Math.min(regionsPerSide, height);
  const curves = curvesOf(shades, { width, height, across, down }, clipLimit);
  const columns = placesAlong(width, across);
  const rows = placesAlong(height, down);
  const hold = holderOf(image);
  let pixel = 0;
  for (let y = 0; y < height; y++) {
    const { before: top, after: bottom, share: v } = rows[y]!;
    const above = top * across * levels, below = bottom * across * levels;
    for (let x = 0; x < width; x++, pixel++) {
      const { before, after, share: u } = columns[x]!;
      const level = shades[pixel]!;
      const left = before * levels + level, right = after * levels + level;
      const mapped = (1 - v) *
          ((1 - u) * curves[above + left]! + u * curves[above + right]!) +
        v * ((1 - u) * curves[below + left]! + u * curves[below + right]!);
      const change = (mapped - level) * step;
      const first = pixel * channels + span.first;
      for (let i = first; i < first + span.count; i++) {
        data[i] = hold(data[i]! + change);
      }
    }
  }
}

/** The level of each pixel's luminance, or of its one channel. */
function levelsOf(
  { data, channels }: Image,
  { first, count }: ChannelSpan,
  { low, step }: { readonly low: number; readonly step: number },
): Uint8Array {
  const [red, green, blue] = luminanceWeights;
  const found = new Uint8Array(data.length / channels);
  for (let pixel = 0, i = first; pixel < found.length; pixel++) {
    const value = count === 1
      ? data[i]!
      : red * data[i]! + green * data[i + 1]! + blue * data[i + 2]!;
    found[pixel] = Math.round((value - low) / step);
    i += channels;
  }
  return found;
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
}

/** What each region makes of each level, region by region. */
function curvesOf(
  shades: Uint8Array,
  { width, height, across, down }: Grid,
  clipLimit: number,
): Float32Array {
  const curves = new Float32Array(across * down * levels);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const left = Math.floor(column * width / across);
      const right = Math.floor((column + 1) * width / across);
      const top = Math.floor(row * height / down);
      const bottom = Math.floor((row + 1) * height / down);
      const histogram = new Uint32Array(levels);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const level = shades[y * width + x]!;
          histogram[level] = histogram[level]! + 1;
        }
      }
      const pixels = (right - left) * (bottom - top);
      clip(histogram, Math.max(1, Math.floor(clipLimit * pixels / levels)));
      let sum = 0;
      histogram.forEach((count, level) => {
        sum += count;
        curves[(row * across + column) * levels + level] = Math.round(
          sum * (levels - 1) / pixels,
        );
      });
    }
  }
  return curves;
}

/** Cuts what is above the limit, and spreads it over all levels. */
function clip(histogram: Uint32Array, limit: number): void {
  let excess = 0;
  histogram.forEach((count, level) => {
    if (count <= limit) return;
    excess += count - limit;
    histogram[level] = limit;
  });
  const each = Math.floor(excess / levels);
  const rest = excess - each * levels;
  histogram.forEach((count, level) => histogram[level] = count + each);
  const stride = Math.max(1, Math.floor(levels / Math.max(1, rest)));
  for (let level = 0, left = rest; level < levels && left > 0; left--) {
    histogram[level] = histogram[level]! + 1;
    level += stride;
  }
}

/** Between which regions each pixel lies along a side, and how far. */
function placesAlong(length: number, regions: number) {
  return Array.from({ length }, (_, pixel) => {
    const place = pixel * regions / length - 0.5;
    const before = Math.floor(place);
    return {
      before: Math.max(0, before),
      after: Math.min(regions - 1, before + 1),
      share: place - before,
    };
  });
}
