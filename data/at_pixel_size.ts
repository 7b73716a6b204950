import { cannot, FileError } from "@unet/errors";
import type { ImageReader } from "./image_reader.ts";
import { openImage, type OpenImageOptions } from "./open_image.ts";
import { rescaled } from "./rescaled.ts";

/** Pixel sizes that differ by less than this share are taken for the same. */
const sameWithin = 0.01;

/**
 * Opens an image at a given pixel size, as the one that a model was trained
 * at: from the lowest level of a pyramid that is fine enough, rescaled to it.
 * Where the level's pixel size is within 1 of 100, it is left as it is.
 *
 * @param path The file.
 * @param pixelSize The pixel size wanted, in µm.
 * @param options As for `openImage()`; the level is chosen here.
 * @returns The reader.
 * @throws {FileError} As `openImage()`, and if the file tells no pixel size.
 * @throws {RangeError} If the pixel size is no positive number.
 */
export async function openImageAt(
  path: string,
  pixelSize: number,
  options: Omit<OpenImageOptions, "level"> = {},
): Promise<ImageReader> {
  if (!(pixelSize > 0 && Number.isFinite(pixelSize))) {
    throw new RangeError(
      `Cannot open image: found a pixel size of ${pixelSize} µm, expected a positive number`,
    );
  }
  const reader = await openImage(path, options);
  const size = reader.pixelSize;
  if (!size) {
    await reader[Symbol.asyncDispose]();
    throw new FileError(cannot("rescale", "image", path, {
      found: "no pixel size in the file",
      expected: "one, to come from it to the size wanted",
      remedy: "leave out the pixel size, or write it into the file",
    }));
  }
  const [full] = reader.levels;
  const level = reader.levels.findLastIndex(({ width, height }) =>
    Math.max(
      size.x * full!.width / width,
      size.y * full!.height / height,
    ) <= pixelSize * (1 + sameWithin)
  );
  if (level <= 0) return atPixelSize(reader, pixelSize);
  await reader[Symbol.asyncDispose]();
  return atPixelSize(await openImage(path, { ...options, level }), pixelSize);
}

function atPixelSize(reader: ImageReader, wanted: number): ImageReader {
  const { x, y } = reader.pixelSize!;
  const factors = { x: x / wanted, y: y / wanted };
  const isSame = Math.abs(factors.x - 1) < sameWithin &&
    Math.abs(factors.y - 1) < sameWithin;
  return isSame ? reader : rescaled(reader, factors);
}
