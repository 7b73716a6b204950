import type { Image, Labels } from "@unet/data";
import { channelRanges, drawChannels } from "@unet/data/channel-values";
import { cannot } from "@unet/errors";
import { createRandom, type Random } from "@unet/random";
import { colorChannels } from "./_pixels.ts";
import { valueStatistics } from "./_value_statistics.ts";
import type { TransformOptions } from "./settings.ts";
import { type OtherSource, transform } from "./transform.ts";

/** How a contact sheet is laid out. */
export interface ContactSheetOptions {
  /** Cells a row, from 1. Default: 4. */
  readonly columns?: number;
  /** Rows of cells, from 1. Default: 3. */
  readonly rows?: number;
  /** Seed of the sheet; the cell at place n draws from its stream n. Default: 0. */
  readonly seed?: number;
  /**
   * Gives each cell but the first an image of its own to transform, of the same
   * size, such as a tile at another scale. Default: the image and its labels.
   */
  readonly sample?: (random: Random) => { image: Image; labels: Labels };
  /** The settings to show. Default: those of `transform()`. */
  readonly transform?: TransformOptions & OtherSource;
}

/** Pixels between the cells. */
const gap = 4;
const paper = 255;
/** Seen on black, on gray and on stained tissue. */
const outline = [255, 215, 0] as const;

/**
 * Draws what `transform()` makes of an image, for a person to look at: the
 * image itself in the first cell, random samples in the others, each with its
 * labels outlined.
 *
 * @param image Any size, channels and depth. Depths 16 and 32 are shown with
 * their lowest value black and their highest white; alpha is left out. Separate
 * channels are drawn as by `drawChannels()` of `@unet/data`.
 * @param labels Its instances.
 * @param options Layout, seed and the settings to show.
 * @returns A color image of 8 bits: the cells row by row, on white.
 * @throws {TypeError} If image and labels do not fit each other or an option
 * of the transformation does not exist.
 * @throws {RangeError} If a number of cells or an option's value is out of its
 * range.
 *
 * @example
 * ```ts
 * import { contactSheet } from "@unet/augment";
 * import type { Image, Labels } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Image = {
 *   width: 32,
 *   height: 32,
 *   channels: 1,
 *   depth: 8,
 *   data: new Uint8Array(32 * 32),
 * };
 * const labels: Labels = {
 *   width: 32,
 *   height: 32,
 *   data: new Uint32Array(32 * 32),
 * };
 * const sheet = contactSheet(image, labels, { columns: 5, rows: 2 });
 * assertEquals([sheet.width, sheet.height, sheet.channels], [176, 68, 3]);
 * ```
 */
export function contactSheet(
  image: Image,
  labels: Labels,
  options: ContactSheetOptions = {},
): Image {
  const columns = countCells("columns", options.columns ?? 4);
  const rows = countCells("rows", options.rows ?? 3);
  const seed = options.seed ?? 0;
  const width = columns * (image.width + gap) - gap;
  const height = rows * (image.height + gap) - gap;
  const sheet = new Uint8Array(width * height * 3).fill(paper);
  const ranges = image.isSeparate ? channelRanges(image) : undefined;
  const shade = ranges ? (value: number) => value : displayScale(image);
  const { sample: draw = () => ({ image, labels }) } = options;
  const transformed = (cell: number) => {
    const random = createRandom(seed, cell), drawn = draw(random);
    return transform(drawn.image, drawn.labels, random, options.transform);
  };
  for (let cell = 0; cell < columns * rows; cell++) {
    const sample = cell === 0 ? { image, labels } : transformed(cell);
    const left = (cell % columns) * (image.width + gap);
    const top = Math.floor(cell / columns) * (image.height + gap);
    const drawn = ranges
      ? { ...sample, image: drawChannels(sample.image, ranges) }
      : sample;
    drawCell({ sheet, width, start: top * width + left }, drawn, shade);
  }
  return { width, height, channels: 3, depth: 8, data: sheet };
}

function countCells(name: string, count: number): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw new RangeError(cannot("use", "option", name, {
    found: `${count}`,
    expected: "a whole number from 1",
  }));
}

/** How a value of the image is shown, 0…255. */
function displayScale(image: Image): (value: number) => number {
  if (image.depth === 8) return (value) => value;
  const { low, high } = valueStatistics(image);
  const scale = high > low ? 255 / (high - low) : 0;
  return (value) =>
    Math.max(0, Math.min(255, Math.round((value - low) * scale)));
}

function drawCell(
  { sheet, start, width: sheetWidth }: {
    readonly sheet: Uint8Array;
    readonly width: number;
    readonly start: number;
  },
  { image, labels }: { image: Image; labels: Labels },
  shade: (value: number) => number,
): void {
  const { width, height, channels, data } = image;
  const gray = colorChannels(image) === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const to = 3 * (start + y * sheetWidth + x);
      const outlined = isOutline(labels, x, y);
      for (let color = 0; color < 3; color++) {
        sheet[to + color] = outlined
          ? outline[color]!
          : shade(data[pixel * channels + (gray ? 0 : color)]!);
      }
    }
  }
}

/** Whether a pixel of an instance touches, along a side, one that is not of it. */
function isOutline({ width, height, data }: Labels, x: number, y: number) {
  const pixel = y * width + x;
  const instance = data[pixel]!;
  if (instance === 0) return false;
  return (x > 0 && data[pixel - 1] !== instance) ||
    (x < width - 1 && data[pixel + 1] !== instance) ||
    (y > 0 && data[pixel - width] !== instance) ||
    (y < height - 1 && data[pixel + width] !== instance);
}
