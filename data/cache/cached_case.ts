import { type OpenCacheFile, openCacheFile } from "./cache_file.ts";
import type { Modality } from "../dataset/modality.ts";
import { normalizeChannels } from "../images/channel_values.ts";
import type { Image, Labels, Sample } from "../types.ts";

/**
 * A case in the cache, decoded and merged. Plain data: it may be sent to a
 * worker or kept as JSON.
 */
export interface CachedCase {
  /** What the dataset calls it. */
  readonly id: string;
  /** The cached file. */
  readonly path: string;
  /** Pixels per row of the whole image. */
  readonly width: number;
  /** Rows of the whole image. */
  readonly height: number;
  /** How many channels it has, where they are separate. */
  readonly channels?: number;
  /** How the image was taken. */
  readonly modality: Modality;
  /** How many instances it has; 0 in a map of classes. */
  readonly nuclei: number;
  /**
   * The share of its labeled pixels that are on instances, or of another class
   * than the background, 0 to 1.
   */
  readonly foreground: number;
  /** The share of its pixels that are labeled, 0 to 1. */
  readonly labeled: number;
  /** How many pixels each class has, in a map of classes. */
  readonly classPixels?: readonly number[];
  /**
   * The class of each instance, from number 1 on; −1 where it is not known.
   * There if objects have classes.
   */
  readonly objectClasses?: readonly number[];
  /** A text that is the same for images with the same pixels. */
  readonly content: string;
  /**
   * The median diameter of its objects in pixels, where it was measured, as
   * {@linkcode withDiameters} does.
   */
  readonly diameter?: number;
}

/** A rectangle of an image, in pixels. */
export interface Rectangle {
  /** The first column. */
  readonly x: number;
  /** The first row. */
  readonly y: number;
  /** Columns, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
}

/** Up to this many bytes, rows are read with what lies between them. */
const oneReadBytes = 4 * 2 ** 20;

/**
 * Reads a rectangle of a cached case, and no more of the file than its rows.
 *
 * @param cached The case, or the path of its file.
 * @param rectangle The rectangle, inside the image; the whole image if not given.
 * @returns The image and the instances there, with the numbers that they have
 * in the whole. The image has 8 bits and 1 channel where the case is gray, else
 * 3; separate channels are floats in 0…1, each normalized by its range in the
 * whole image ({@linkcode normalizeChannels}).
 * @throws {RangeError} If the rectangle is empty or reaches out of the image.
 * @throws {FileError} If the file is missing, damaged in its header or cut
 * off.
 *
 * @example
 * ```ts
 * import { cacheSamples, readCachedWindow } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const sample = {
 *   id: "drawn",
 *   image: {
 *     width: 3,
 *     height: 2,
 *     channels: 1,
 *     depth: 8,
 *     data: new Uint8Array([0, 50, 100, 150, 200, 250]),
 *   },
 *   labels: { width: 3, height: 2, data: new Uint32Array([0, 0, 1, 0, 2, 1]) },
 * } as const;
 * const folder = await Deno.makeTempDir();
 * const [cached] = await cacheSamples([sample], { folder });
 * const cut = readCachedWindow(cached!, { x: 1, y: 1, width: 2, height: 1 });
 * assertEquals([...cut.image.data], [200, 250]);
 * assertEquals([...cut.labels.data], [2, 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function readCachedWindow(
  cached: CachedCase | string,
  rectangle?: Rectangle,
): Sample {
  const path = typeof cached === "string" ? cached : cached.path;
  using file = openCacheFile(path);
  const where = rectangle ?? { x: 0, y: 0, ...file.header };
  requireInside(file, where);
  return {
    id: file.header.id,
    image: readPixels(file, where),
    labels: readLabels(file, where),
  };
}

/**
 * Reads the labels of a cached case, and not its image.
 *
 * @param cached The case.
 * @returns The labels of the whole image.
 * @throws {FileError} If the file is missing, damaged in its header or cut
 * off.
 */
export function readCachedLabels({ path }: CachedCase): Labels {
  using file = openCacheFile(path);
  return readLabels(file, { x: 0, y: 0, ...file.header });
}

function readLabels(file: OpenCacheFile, where: Rectangle): Labels {
  const { width, height } = where, { labelBytes } = file.header;
  const numbers = readRows(file, file.labelsAt, labelBytes, where);
  return {
    width,
    height,
    data: labelBytes === 1
      ? new Uint32Array(numbers)
      : labelBytes === 2
      ? new Uint32Array(new Uint16Array(numbers.buffer))
      : new Uint32Array(numbers.buffer),
  };
}

function readPixels(file: OpenCacheFile, where: Rectangle): Image {
  const { channels, depth = 8, ranges } = file.header;
  const { width, height } = where;
  const bytes = readRows(file, file.pixelsAt, channels * depth / 8, where);
  const data = depth === 8
    ? bytes
    : depth === 16
    ? new Uint16Array(bytes.buffer)
    : new Float32Array(bytes.buffer);
  const image: Image = { width, height, channels, depth, data };
  return ranges ? normalizeChannels(image, ranges) : image;
}

function requireInside(file: OpenCacheFile, rectangle: Rectangle): void {
  const { header } = file;
  const { x, y, width, height } = rectangle;
  const whole = [x, y, width, height].every(Number.isSafeInteger);
  const inside = x >= 0 && y >= 0 && width >= 1 && height >= 1 &&
    x + width <= header.width && y + height <= header.height;
  if (whole && inside) return;
  throw new RangeError(
    `Cannot read window of case "${header.id}": found ${width}×${height} at (${x}, ${y}), expected whole numbers inside ${header.width}×${header.height}`,
  );
}

/** Reads a rectangle of values of `size` bytes each. */
function readRows(
  file: OpenCacheFile,
  start: number,
  size: number,
  { x, y, width, height }: Rectangle,
): Uint8Array<ArrayBuffer> {
  const stride = file.header.width * size, row = width * size;
  const first = start + y * stride + x * size;
  const span = (height - 1) * stride + row;
  if (row === stride) return file.read(first, span);
  const out = new Uint8Array(height * row);
  const all = span <= oneReadBytes ? file.read(first, span) : undefined;
  for (let index = 0; index < height; index++) {
    const line = all
      ? all.subarray(index * stride, index * stride + row)
      : file.read(first + index * stride, row);
    out.set(line, index * row);
  }
  return out;
}
