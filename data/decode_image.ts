import type { Metadata, SharpOptions } from "sharp";
import { cannot, FileError } from "@unet/errors";
import { firstLine } from "./_first_line.ts";
import {
  describeBytes,
  formatOf,
  type ImageFormat,
  readableFormats,
  readPngHeader,
} from "./_image_format.ts";
import { decodeTiff } from "./_decode_tiff.ts";
import { requirePixels } from "./_require_pixels.ts";
import { loadSharp, type Sharp } from "./_sharp.ts";
import type { Image } from "./types.ts";

/** How {@linkcode decodeImage} guards itself. */
export interface DecodeOptions {
  /**
   * The most pixels that are decoded, 2²⁸ (about 268 million, 16,384 × 16,384)
   * if not given. More than that is refused before memory is taken.
   */
  readonly maxPixels?: number;
}

/** Width and height in pixels. */
export interface ImageSize {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** The most pixels of an image that is decoded whole, if not told otherwise. */
export const defaultMaxPixels = 2 ** 28;

/**
 * Decodes an image file: PNG, JPEG, TIFF, WebP or GIF, told by its content
 * and not by its name.
 *
 * Values stay as they are stored: 8 bits, 16 bits, or float for everything
 * else (32-bit integers and floats of TIFF). Less than 8 bits are spread over
 * 8. Gray has 1 channel, color 3, color with alpha 4 (also gray with alpha in
 * a PNG); palettes become color, CMYK becomes RGB. Of several pages or frames
 * the first is read. Embedded color profiles (except CMYK's) and EXIF
 * orientation are left alone, so that pixels lie where a mask drawn on the
 * stored image has them.
 *
 * @param bytes The whole file.
 * @param name What messages call it, as its path.
 * @param options The limit on pixels.
 * @returns The image.
 * @throws {FileError} If it is another kind of file, damaged, cut off, or too
 * large. What is cut off behind the last pixel of a JPEG or GIF passes.
 *
 * @example
 * ```ts
 * import { decodeImage, encodePng } from "@unet/data";
 * import { FileError } from "@unet/errors";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const data = new Uint16Array([0, 1000, 2000, 65535]);
 * const image = { width: 2, height: 2, channels: 1, depth: 16, data } as const;
 * const png = await encodePng(image);
 * assertEquals(await decodeImage(png, "cells.png"), image);
 * await assertRejects(() => decodeImage(png.subarray(0, 50), "cells.png"), FileError);
 * ```
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<Image> {
  const maxPixels = options.maxPixels ?? defaultMaxPixels;
  const format = requireFormat(bytes, name);
  if (format === "TIFF") {
    const image = await decodeTiff(bytes, name, maxPixels);
    if (image) return image;
  }
  const sharp = await loadSharp();
  const plan = format === "PNG"
    ? planOfPng(bytes, name)
    : planOf(await readMetadata(sharp, bytes, format, name));
  requirePixels(plan, name, maxPixels);
  try {
    return await decode(sharp, bytes, plan, maxPixels);
  } catch (cause) {
    throw damaged(format, name, cause);
  }
}

/**
 * Reads an image's size from its header, without decoding it.
 *
 * @param bytes The file, or enough of its start.
 * @param name What messages call it, as its path.
 * @returns Width and height, as stored.
 * @throws {FileError} If it is no image of a format that is read.
 */
export async function imageSize(
  bytes: Uint8Array,
  name: string,
): Promise<ImageSize> {
  const format = requireFormat(bytes, name);
  if (format === "PNG") {
    const { width, height } = requirePngHeader(bytes, name);
    return { width, height };
  }
  const { width, height } = await readMetadata(
    await loadSharp(),
    bytes,
    format,
    name,
  );
  return { width, height };
}

/** What a file holds, and how its values are kept. */
interface Plan extends ImageSize {
  readonly space: "b-w" | "grey16" | "srgb" | "rgb16" | "float";
  readonly gray: boolean;
  readonly ignoreIcc: boolean;
}

function planOfPng(bytes: Uint8Array, name: string): Plan {
  const header = requirePngHeader(bytes, name);
  if (!header.complete) {
    throw new FileError(cannot("read", "image", name, {
      found: `a PNG cut off after ${bytes.length} bytes`,
      expected: "a whole file",
      remedy: "get the file again",
    }));
  }
  const { width, height, depth, colorType } = header;
  const gray = colorType === 0, wide = depth === 16;
  return {
    width,
    height,
    gray,
    space: gray ? (wide ? "grey16" : "b-w") : (wide ? "rgb16" : "srgb"),
    ignoreIcc: true,
  };
}

function planOf(metadata: Metadata): Plan {
  const { width, height, space, depth } = metadata;
  const gray = space === "b-w" || space === "grey16";
  return {
    width,
    height,
    gray,
    space: depth === "uchar"
      ? (gray ? "b-w" : "srgb")
      : depth === "ushort"
      ? (gray ? "grey16" : "rgb16")
      : "float",
    ignoreIcc: space !== "cmyk",
  };
}

async function decode(
  sharp: Sharp,
  bytes: Uint8Array,
  plan: Plan,
  maxPixels: number,
): Promise<Image> {
  const options: SharpOptions = {
    limitInputPixels: maxPixels,
    failOn: "error",
    ignoreIcc: plan.ignoreIcc,
  };
  const wide = plan.space === "grey16" || plan.space === "rgb16";
  const pipeline = plan.space === "float"
    ? sharp(bytes, options).raw({ depth: "float" })
    : sharp(bytes, options).toColorspace(plan.space).raw({
      depth: wide ? "ushort" : "uchar",
    });
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  const values = plan.space === "float"
    ? new Float32Array(aligned(data, 4))
    : wide
    ? new Uint16Array(aligned(data, 2))
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const channels = plan.gray ? 1 : info.channels;
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new Error(`${channels} channels instead of 1, 3 or 4`);
  }
  return {
    width: info.width,
    height: info.height,
    channels,
    depth: plan.space === "float" ? 32 : wide ? 16 : 8,
    // Gray may come out tripled, or with its alpha.
    data: channels === info.channels ? values : everyNth(values, info.channels),
  };
}

/** The bytes at an address that wider values can be viewed at. */
function aligned(data: Uint8Array, size: number): ArrayBufferLike {
  return data.byteOffset === 0 && data.byteLength === data.buffer.byteLength &&
      data.byteLength % size === 0
    ? data.buffer
    : data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}

function everyNth<T extends Image["data"]>(values: T, step: number): T {
  const count = values.length / step;
  for (let index = 0; index < count; index++) {
    values[index] = values[index * step]!;
  }
  return values.slice(0, count) as T;
}

async function readMetadata(
  sharp: Sharp,
  bytes: Uint8Array,
  format: ImageFormat,
  name: string,
): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw damaged(format, name, cause);
  }
}

function requireFormat(bytes: Uint8Array, name: string): ImageFormat {
  const format = formatOf(bytes);
  if (format) return format;
  throw new FileError(cannot("read", "image", name, {
    found: describeBytes(bytes),
    expected: readableFormats,
  }));
}

function requirePngHeader(
  bytes: Uint8Array,
  name: string,
): NonNullable<ReturnType<typeof readPngHeader>> {
  const header = readPngHeader(bytes);
  if (header) return header;
  throw new FileError(cannot("read", "image", name, {
    found: "a PNG without its header",
    expected: "a whole file",
    remedy: "get the file again",
  }));
}

function damaged(format: ImageFormat, name: string, cause: unknown): FileError {
  return new FileError(
    cannot("read", "image", name, {
      found: `a damaged ${format} (${firstLine(cause)})`,
      expected: "a whole file",
      remedy: "get the file again",
    }),
    { cause },
  );
}
