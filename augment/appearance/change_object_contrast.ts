import type { Image, Labels } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import type { Random } from "@unet/random";
import { colorChannels, hasColor, holderOf } from "../_pixels.ts";
import type { Range } from "../settings.ts";

/** Pixels around an object that its light reaches. */
const halo = 2;
/** Width and height of the cells in which the background is measured. */
const cell = 16;
/** Cells on each side of a cell that count for its background. */
const around = 2;

/**
 * Gives each object a contrast of its own, in place: its distance from the
 * background around it is multiplied by a factor, as where some nuclei hold
 * less dye or lie out of focus beside bright ones. An object's halo fades with
 * it, over about three pixels, so that no ring stays. All channels have the
 * same factors.
 *
 * The background is the weighted mean of pixels of no object, nearest ones
 * counting most and none beyond 40 pixels; it changes smoothly. What is not
 * labeled stays as it is, and so does an image without background. In color
 * images factors are square roots of those drawn: a stained nucleus that keeps
 * a quarter of its contrast is a blot of the tissue's color.
 *
 * @param image The image.
 * @param labels Its instances.
 * @param range Where each object's factor is drawn from, as often in the lower
 * half of its logarithm as in the upper: below 1 fades, 1 keeps.
 * @param random The source of one draw per object.
 */
export function changeObjectContrast(
  image: Image,
  labels: Labels,
  range: Range,
  random: Random,
): void {
  const exponent = hasColor(image) ? 0.5 : 1;
  const limits = [range[0] ** exponent, range[1] ** exponent] as const;
  const factors = factorsOf(labels, limits, random);
  spread(factors, labels);
  const background = measureBackground(image, labels, factors);
  if (!background) return;
  const { width, height, channels, data } = image;
  const colors = colorChannels(image), hold = holderOf(image);
  soften(factors, labels);
  const ground = new Float64Array(colors);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const factor = factors[pixel]!;
      if (factor === 1) continue;
      background(x, y, ground);
      for (let color = 0; color < colors; color++) {
        const at = pixel * channels + color, level = ground[color]!;
        data[at] = hold(level + factor * (data[at]! - level));
      }
    }
  }
}

/** A pixel of no object, which takes the factor of a neighbor or stays. */
const open = -1;

/** A factor per object on its pixels, 1 where nothing is labeled. */
function factorsOf(
  { data }: Labels,
  [low, high]: Range,
  random: Random,
): Float32Array {
  const drawn = new Map<number, number>();
  const from = Math.log(low), to = Math.log(high);
  const factors = new Float32Array(data.length).fill(open);
  let last = 0, factor: number = open;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const object = data[pixel]!;
    if (object === 0) continue;
    if (object !== last) {
      last = object;
      factor = object === unlabeled
        ? 1
        : drawn.get(object) ?? Math.exp(random.uniform(from, to));
      drawn.set(object, factor);
    }
    factors[pixel] = factor;
  }
  return factors;
}

/** Lets objects grow by their halos; where two meet, the brighter one's wins. */
function spread(factors: Float32Array, { width, height }: Labels): void {
  for (let step = 0; step < halo; step++) {
    const before = factors.slice();
    for (let y = 0, pixel = 0; y < height; y++) {
      for (let x = 0; x < width; x++, pixel++) {
        if (before[pixel] !== open) continue;
        let most: number = open;
        if (x > 0) most = Math.max(most, before[pixel - 1]!);
        if (x < width - 1) most = Math.max(most, before[pixel + 1]!);
        if (y > 0) most = Math.max(most, before[pixel - width]!);
        if (y < height - 1) most = Math.max(most, before[pixel + width]!);
        factors[pixel] = most;
      }
    }
  }
}

/** Blurs by 1, 2, 1 along both sides; what is not labeled keeps its 1. */
function soften(factors: Float32Array, { width, height, data }: Labels): void {
  for (let pixel = 0; pixel < factors.length; pixel++) {
    if (factors[pixel] === open) factors[pixel] = 1;
  }
  for (
    const [step, length, lines, next] of [
      [1, width, height, width],
      [width, height, width, 1],
    ] as const
  ) {
    for (let line = 0; line < lines; line++) {
      let at = line * next, before = factors[at]!;
      for (let i = 0; i < length; i++, at += step) {
        const own = factors[at]!;
        const after = i < length - 1 ? factors[at + step]! : own;
        factors[at] = (before + 2 * own + after) / 4;
        before = own;
      }
    }
  }
  for (let pixel = 0; pixel < factors.length; pixel++) {
    if (data[pixel] === unlabeled) factors[pixel] = 1;
  }
}

/** Writes the background's colors at a place. */
type Background = (x: number, y: number, colors: Float64Array) => void;

/** Measures pixels beyond all halos; undefined where there are none. */
function measureBackground(
  image: Image,
  { width, height }: Labels,
  factors: Float32Array,
): Background | undefined {
  const { channels, data } = image, colors = colorChannels(image);
  const across = Math.ceil(width / cell), down = Math.ceil(height / cell);
  const size = colors + 1;
  // Sums of the colors, and how many pixels they are of.
  const sums = new Float64Array(across * down * size);
  const whole = new Float64Array(size);
  for (let pixel = 0; pixel < factors.length; pixel++) {
    if (factors[pixel] !== open) continue;
    const row = Math.floor(Math.floor(pixel / width) / cell);
    const at = (row * across + Math.floor(pixel % width / cell)) * size;
    for (let color = 0; color < colors; color++) {
      sums[at + color]! += data[pixel * channels + color]!;
    }
    sums[at + colors]!++;
  }
  sums.forEach((sum, at) => whole[at % size]! += sum);
  if (whole[colors] === 0) return undefined;
  const means = new Float64Array(across * down * colors);
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const near = sumAround(sums, { across, down, size, row, column });
      // Crowded places have the level of the whole image.
      const { [colors]: pixels } = near, of = pixels! > 0 ? near : whole;
      for (let color = 0; color < colors; color++) {
        means[(row * across + column) * colors + color] = of[color]! /
          of[colors]!;
      }
    }
  }
  return interpolate(means, { across, down, colors });
}

/** The sums of a cell and those around it, weighted. */
function sumAround(
  sums: Float64Array,
  { across, down, size, row, column }: {
    readonly across: number;
    readonly down: number;
    readonly size: number;
    readonly row: number;
    readonly column: number;
  },
): Float64Array {
  const total = new Float64Array(size);
  const bottom = Math.min(down - 1, row + around);
  const right = Math.min(across - 1, column + around);
  for (let y = Math.max(0, row - around); y <= bottom; y++) {
    for (let x = Math.max(0, column - around); x <= right; x++) {
      const at = (y * across + x) * size;
      // Near cells count most, so that the field follows uneven light.
      const weight = Math.exp(-((y - row) ** 2) - (x - column) ** 2);
      for (let i = 0; i < size; i++) total[i]! += weight * sums[at + i]!;
    }
  }
  return total;
}

/** Means of cells, bilinear between the cells' centers. */
function interpolate(
  means: Float64Array,
  { across, down, colors }: {
    readonly across: number;
    readonly down: number;
    readonly colors: number;
  },
): Background {
  const along = (pixel: number, cells: number) => {
    const at = Math.max(0, Math.min(cells - 1, (pixel + 0.5) / cell - 0.5));
    const first = Math.min(Math.floor(at), Math.max(0, cells - 2));
    return { first, second: Math.min(cells - 1, first + 1), part: at - first };
  };
  return (x, y, ground) => {
    const column = along(x, across), row = along(y, down);
    const at = (r: number, c: number, color: number) =>
      means[(r * across + c) * colors + color]!;
    for (let color = 0; color < colors; color++) {
      const level = (r: number) =>
        at(r, column.first, color) * (1 - column.part) +
        at(r, column.second, color) * column.part;
      ground[color] = level(row.first) * (1 - row.part) +
        level(row.second) * row.part;
    }
  };
}
