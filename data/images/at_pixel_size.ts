import { cannot, FileError } from "@unet/errors";
import { atScale } from "./at_scale.ts";
import type { ImageSize } from "../types.ts";
import type { ImageReader, PixelSize } from "./image_reader.ts";
import type { OpenImageOptions } from "./opened_image.ts";

/** A larger ratio of two pixel sizes is a mistake in one of them. */
const largestRatio = 100;

/** How {@linkcode atPixelSize} sees an image. */
export interface AtPixelSizeOptions extends Omit<OpenImageOptions, "level"> {
  /** The image's pixel size, instead of that of its file. */
  readonly pixelSize?: PixelSize;
}

/**
 * Shows an open image at a given pixel size, as the one that a model was
 * trained at: the lowest level of its pyramid that is fine enough, rescaled to
 * it. Where the level's pixel size is within 1 of 100, it is left as it is.
 *
 * @param image The image; the caller keeps it open, and disposes of it after
 * the reader. Levels are looked at where it has `levels`.
 * @param wanted The pixel size wanted, in µm.
 * @param options As the image was opened, and its pixel size.
 * @returns The reader; disposing of it leaves the image open.
 * @throws {FileError} As `openImage()`, if no pixel size is known, or if it is
 * over 100 times larger or smaller than the one wanted.
 * @throws {RangeError} If the pixel size wanted is no positive number.
 *
 * @example
 * ```ts
 * import { atPixelSize, encodePng, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([10, 20, 200, 100]);
 * const image = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using full = await openImage(path);
 *   const pixelSize = { x: 0.25, y: 0.25 };
 *   await using reader = await atPixelSize(full, 0.5, { pixelSize });
 *   assertEquals(reader.width, 2);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function atPixelSize(
  image: ImageReader & { readonly levels?: readonly ImageSize[] },
  wanted: number,
  { pixelSize = image.pixelSize, ...options }: AtPixelSizeOptions = {},
): Promise<ImageReader> {
  if (!(wanted > 0 && Number.isFinite(wanted))) {
    throw new RangeError(
      `Cannot rescale image: found a pixel size of ${wanted} µm, expected a positive number`,
    );
  }
  if (!pixelSize) {
    throw new FileError(cannot("rescale", "image", image.path, {
      found: "no pixel size in it",
      expected: "one, to rescale it to the network's",
      remedy: "give the image's as `imagePixelSize`",
    }));
  }
  for (const size of [pixelSize.x, pixelSize.y]) {
    if (Math.max(size / wanted, wanted / size) <= largestRatio) continue;
    throw new FileError(cannot("rescale", "image", image.path, {
      found: `pixels of ${size} µm`,
      expected: `at most ${largestRatio} times larger or smaller than the ` +
        `network's ${wanted} µm`,
      remedy: "give the image's as `imagePixelSize`",
    }));
  }
  const factors = { x: pixelSize.x / wanted, y: pixelSize.y / wanted };
  return await atScale(image, factors, {
    ...options,
    enlarged: {
      found: `pixels of ${pixelSize.x} µm`,
      size: `${wanted} µm`,
      remedy: "give the image's pixel size as `imagePixelSize`",
    },
  });
}
