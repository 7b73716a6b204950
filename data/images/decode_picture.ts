import type { Metadata, SharpOptions } from "sharp";
import { cannot, FileError } from "@unet/errors";
import { decodeBudgets, requireBacked, wideningOf } from "./decode_budget.ts";
import { firstLine } from "./first_line.ts";
import {
  describeBytes,
  formatOf,
  type ImageFormat,
  type PngHeader,
  readableFormats,
  readPngHeader,
} from "./image_format.ts";
import { withoutText } from "./index_png.ts";
import {
  isPossible,
  isPossiblePng,
  pictureCost,
  pngCost,
} from "./picture_cost.ts";
import { requireAmong } from "./require_among.ts";
import { requirePixels } from "./require_pixels.ts";
import { loadSharp, type Sharp } from "./sharp.ts";
import type { Image, ImageSize } from "../types.ts";

/** How the image library decodes a file. */
export interface PictureOptions {
  /** What messages call the file. */
  readonly path: string;
  /** The most pixels that are decoded. */
  readonly maxPixels: number;
  /** Which of a file's pages or frames, from 0. */
  readonly page?: number;
  /** As in `OpenImageOptions`. */
  readonly isReadWhole?: boolean;
}

/** An image that the image library has decoded, and what else its file says. */
export interface Picture {
  readonly image: Image;
  /** EXIF's number: 1 is upright; not applied. */
  readonly orientation: number;
  /** Frames of an animation; 1 for all else. */
  readonly frames: number;
}

/**
 * Decodes a file whole by the image library.
 *
 * Values stay as they are stored: 8 bits, 16 bits, or float for everything
 * else. Fewer than 8 bits are spread over 8. Gray has 1 channel, color 3,
 * color with alpha 4 (also gray with alpha in a PNG); palettes become color,
 * CMYK becomes RGB. Embedded color profiles (except CMYK's) and orientation
 * are left alone, so that pixels lie where a mask drawn on the stored image
 * has them.
 *
 * @throws {FileError} If it is another kind of file, damaged, cut off, too
 * large, or has no such frame.
 */
export async function decodePicture(
  file: Uint8Array,
  options: PictureOptions,
): Promise<Picture> {
  const { path, maxPixels, page = 0 } = options;
  const format = requireFormat(file, path);
  const sharp = await loadSharp();
  const png = format === "PNG" ? requirePngHeader(file, path) : undefined;
  const bytes = png?.hasPackedText ? withoutText(file) : file;
  const metadata = png && !png.hasExif
    ? undefined
    : await readMetadata(sharp, bytes, format, options);
  const plan = png ? planOfPng(png) : planOf(metadata!);
  const isAnimated = format === "GIF" || format === "WebP";
  const frames = isAnimated ? metadata?.pages ?? 1 : 1;
  if (isAnimated) requireAmong(path, "time", frames, page);
  requirePixels(plan, path, maxPixels);
  const decoded = png ? pngCost(png) : pictureCost(metadata!, format);
  if (png ? !isPossiblePng(png) : !isPossible(plan, format, bytes.length)) {
    throw damaged(
      format,
      path,
      `${
        png?.packed ?? bytes.length
      } bytes for ${plan.width}×${plan.height} pixels`,
    );
  }
  const stored = bytes.length;
  if (options.isReadWhole) {
    const counted = decoded * wideningOf(plan);
    requireBacked(path, { kind: "costly", decoded, stored, counted });
  }
  requireBacked(path, { kind: "image", decoded, stored });
  try {
    const image = await decodeBudgets().pieces.use(
      decoded,
      () => decode(sharp, bytes, plan, options),
    );
    return { image, orientation: metadata?.orientation ?? 1, frames };
  } catch (cause) {
    throw damaged(format, path, cause);
  }
}

/** What a file holds, and how its values are kept. */
interface Plan extends ImageSize {
  readonly space: "b-w" | "grey16" | "srgb" | "rgb16" | "float";
  readonly gray: boolean;
  readonly ignoreIcc: boolean;
}

function planOfPng(
  { width, height, depth, colorType }: PngHeader,
): Plan {
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
  { maxPixels, page = 0 }: PictureOptions,
): Promise<Image> {
  const options: SharpOptions = {
    limitInputPixels: maxPixels,
    failOn: "error",
    ignoreIcc: plan.ignoreIcc,
    ...(page > 0 && { page }),
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
  { path, page = 0 }: PictureOptions,
): Promise<Metadata> {
  try {
    return await sharp(bytes, {
      limitInputPixels: false,
      // Pages of a TIFF may differ; frames do not.
      ...(format === "TIFF" && page > 0 && { page }),
    }).metadata();
  } catch (cause) {
    throw damaged(format, path, cause);
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

function requirePngHeader(bytes: Uint8Array, name: string): PngHeader {
  const header = readPngHeader(bytes);
  if (header?.complete) return header;
  throw new FileError(cannot("read", "image", name, {
    found: header
      ? `a PNG cut off after ${bytes.length} bytes`
      : "a PNG without its header",
    expected: "a complete file",
    remedy: "get the file again",
  }));
}

function damaged(format: ImageFormat, name: string, cause: unknown): FileError {
  return new FileError(
    cannot("read", "image", name, {
      found: `a damaged ${format} (${firstLine(cause)})`,
      expected: "a complete file",
      remedy: "get the file again",
    }),
    { cause },
  );
}
