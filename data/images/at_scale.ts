import { pathInfo } from "@unet/files";
import type { ImageSize } from "../types.ts";
import { cropped } from "./cropped.ts";
import { requireEnlarged } from "./decode_budget.ts";
import type { ImageReader } from "./image_reader.ts";
import { openImage } from "./open_image.ts";
import type { OpenImageOptions } from "./opened_image.ts";
import { rescaled, type ScaleFactors } from "./rescaled.ts";

/** Sizes that differ by less than this share are taken for the same. */
const sameWithin = 0.01;

/** How {@linkcode atScale} sees an image. */
export interface AtScaleOptions extends Omit<OpenImageOptions, "level"> {
  /**
   * How a refusal to enlarge a small file into an image that costs hours is
   * worded. Without it nothing is refused, as where few windows are read.
   */
  readonly enlarged?: {
    /** What makes the image larger. */
    readonly found: string;
    /** What its new pixels are, as in "0.5 µm"; nothing by default. */
    readonly size?: string;
    /** What to do about it. */
    readonly remedy: string;
  };
}

/**
 * Shows an open image in another size: the lowest level of its pyramid that is
 * fine enough, rescaled. Where the level is within 1 of 100, it is left as it
 * is.
 *
 * @param image The image; the caller keeps it open, and disposes of it after
 * the reader. Levels are looked at where it has `levels`.
 * @param factors By how much it is enlarged; below 1 it shrinks.
 * @param options As the image was opened.
 * @returns The reader; disposing of it leaves the image open.
 * @throws {FileError} As `openImage()`, or if it refuses to enlarge a small
 * file.
 * @throws {RangeError} If a factor is no positive number.
 *
 * @example
 * ```ts
 * import { atScale, encodePng, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([10, 20, 200, 100]);
 * const image = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using full = await openImage(path);
 *   await using reader = await atScale(full, { x: 0.5, y: 1 });
 *   assertEquals([...(await reader.read(0, 0, 2, 1)).data], [15, 150]);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function atScale(
  image: ImageReader & { readonly levels?: readonly ImageSize[] },
  factors: ScaleFactors,
  { enlarged, ...options }: AtScaleOptions = {},
): Promise<ImageReader> {
  if (enlarged) await requireFileBacks(image, factors, enlarged);
  const factorsOf = ({ width, height }: ImageSize): ScaleFactors => ({
    x: factors.x * image.width / width,
    y: factors.y * image.height / height,
  });
  const level = (image.levels ?? []).findLastIndex((size) => {
    const { x, y } = factorsOf(size);
    return Math.max(x, y) <= 1 + sameWithin;
  });
  const { width, height } = image.levels?.[level] ?? image;
  if (width >= image.width && height >= image.height) {
    // The image's opener closes it.
    const whole = { x: 0, y: 0, width: image.width, height: image.height };
    const kept = {
      ...cropped(image, whole),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return rescaledBy(kept, factors);
  }
  const small = await openImage(image.path, { ...options, level });
  return rescaledBy(small, factorsOf(small));
}

/** Refuses to enlarge a small file into an image that costs hours. */
async function requireFileBacks(
  { path, width, height, channels, depth }: ImageReader,
  { x, y }: ScaleFactors,
  { found, size, remedy }: NonNullable<AtScaleOptions["enlarged"]>,
): Promise<void> {
  if (!(x * y > 1)) return;
  const info = await pathInfo(path, "rescale", "image");
  // An image that was drawn in memory is the program's own.
  if (!info) return;
  const columns = Math.round(width * x), rows = Math.round(height * y);
  const made = `${columns}×${rows}${size === undefined ? "" : ` of ${size}`}`;
  requireEnlarged(path, {
    decoded: columns * rows * channels * depth / 8,
    stored: info.size,
    found: `${found}, which make ${made}`,
    remedy,
  });
}

function rescaledBy(reader: ImageReader, factors: ScaleFactors): ImageReader {
  const isSame = Math.abs(factors.x - 1) < sameWithin &&
    Math.abs(factors.y - 1) < sameWithin;
  return isSame ? reader : rescaled(reader, factors);
}
