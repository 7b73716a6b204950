/**
 * What takes the place of `decodePicture()` in a page, which has no image
 * library: PNG by `fast-png`, JPEG by the browser.
 *
 * @module
 */
/// <reference lib="dom" />
import { decode } from "fast-png";
import { cannot, FileError } from "@unet/errors";
import {
  decodeBudgets,
  requireBacked,
  wideningOf,
} from "../images/decode_budget.ts";
import type { Picture, PictureOptions } from "../images/decode_picture.ts";
import { firstLine } from "../images/first_line.ts";
import {
  describeBytes,
  formatOf,
  readPngHeader,
} from "../images/image_format.ts";
import { pixelChunks, withoutText } from "../images/index_png.ts";
import { isPossible, isPossiblePng, pngCost } from "../images/picture_cost.ts";
import { requirePixels } from "../images/require_pixels.ts";
import type { Image } from "../types.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { pngImageOf } from "./png_image_of.ts";
import { requireInflated } from "./require_inflated.ts";

/**
 * Decodes a picture.
 *
 * @throws {FileError} If it is damaged, too large, or none that a page reads.
 */
export async function decodePicture(
  file: Uint8Array,
  options: PictureOptions,
): Promise<Picture> {
  const bytes = file as Uint8Array<ArrayBuffer>, { path } = options;
  const format = formatOf(bytes);
  if (format === "PNG") return await decodePng(bytes, options);
  if (format === "JPEG") return await decodeJpeg(bytes, options);
  throw new FileError(cannot("read", "image", path, {
    found: format === undefined ? describeBytes(bytes) : `a ${format} image`,
    expected: "PNG, JPEG or TIFF",
    ...(format &&
      { remedy: "save it as PNG, or use the command unet segment" }),
  }));
}

async function decodePng(
  bytes: Uint8Array<ArrayBuffer>,
  options: PictureOptions,
): Promise<Picture> {
  const { path } = options, header = readPngHeader(bytes);
  if (!header?.complete) {
    throw damaged("PNG", path, header ? "cut off" : "without its header");
  }
  requirePixels(header, path, options.maxPixels);
  const plain = withoutText(bytes);
  if (!isPossiblePng(header)) {
    const { packed, width, height } = header;
    throw damaged("PNG", path, `${packed} bytes for ${width}×${height} pixels`);
  }
  return await within(
    pngCost(header),
    async () => {
      await requireInflated(pixelChunks(plain), 4096 + 2 * pngCost(header));
      return pngImageOf(decode(plain), header);
    },
    {
      ...{ bytes, format: "PNG", options, orientation: 1 },
      widened: wideningOf(header),
    },
  );
}

async function decodeJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  options: PictureOptions,
): Promise<Picture> {
  const { path } = options, header = readJpegHeader(bytes);
  if (!header) throw damaged("JPEG", path, "without a frame");
  requirePixels(header, path, options.maxPixels);
  const { width, height, samples, plain, orientation } = header;
  if (!isPossible(header, "JPEG", bytes.length)) {
    const pixels = `${width}×${height} pixels`;
    throw damaged("JPEG", path, `${bytes.length} bytes for ${pixels}`);
  }
  if (samples !== 1 && samples !== 3) {
    throw new FileError(cannot("read", "image", path, {
      found: `a JPEG of ${samples} inks`,
      expected: "gray or color",
      remedy: "save it as PNG, or use the command unet segment",
    }));
  }
  return await within(
    8 * width * height,
    () => pixelsOf(new Blob(plain), samples),
    {
      ...{ bytes, format: "JPEG", options, orientation },
      widened: wideningOf(header),
    },
  );
}

/** Decodes within the bounds on memory. */
async function within(
  decoded: number,
  work: () => Image | Promise<Image>,
  { bytes, format, options, orientation, widened }: {
    readonly bytes: Uint8Array;
    readonly format: string;
    readonly options: PictureOptions;
    readonly orientation: number;
    readonly widened: number;
  },
): Promise<Picture> {
  const { path, isReadWhole } = options, stored = bytes.length;
  if (isReadWhole) {
    const counted = decoded * widened;
    requireBacked(path, { kind: "costly", decoded, stored, counted });
  }
  requireBacked(path, { kind: "image", decoded, stored });
  try {
    const image = await decodeBudgets().pieces.use(
      decoded,
      () => Promise.try(work),
    );
    return { image, orientation, frames: 1 };
  } catch (cause) {
    throw damaged(format, path, firstLine(cause), cause);
  }
}

/** The browser's pixels of a picture, without their alpha. */
async function pixelsOf(picture: Blob, samples: 1 | 3): Promise<Image> {
  const bitmap = await createImageBitmap(picture, {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data: rgba } = pen.getImageData(0, 0, width, height);
  const data = new Uint8Array(width * height * samples);
  for (let from = 0, to = 0; to < data.length; from += 4) {
    for (let at = 0; at < samples; at++) data[to++] = rgba[from + at]!;
  }
  return { width, height, channels: samples, depth: 8, data };
}

function damaged(
  format: string,
  name: string,
  found: string,
  cause?: unknown,
): FileError {
  return new FileError(
    cannot("read", "image", name, {
      found: `a damaged ${format} (${found})`,
      expected: "a whole file",
      remedy: "get the file again",
    }),
    { cause },
  );
}
