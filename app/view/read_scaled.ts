import {
  type Image,
  type ImageReader,
  type Rectangle,
  resizeImage,
  type Size,
} from "@unet/data";

/** Pixels that are read at once. */
const atOnce = 2 ** 24;

/**
 * Reads a part of an image in fewer pixels, each the mean of the area that it
 * covers. Memory does not grow with the part.
 *
 * @param reader The image.
 * @param part The part.
 * @param size The size that is wanted, no larger than the part.
 * @returns The part in that size.
 * @throws {FileError} If the file is damaged there.
 */
export async function readScaled(
  reader: ImageReader,
  part: Rectangle,
  size: Size,
): Promise<Image> {
  const { x, y, width, height } = part;
  if (width * height <= atOnce || size.height === 1) {
    const image = await reader.read(x, y, width, height);
    const isSame = width === size.width && height === size.height;
    return isSame ? image : resizeImage(image, size);
  }
  // Halves that begin with a whole row of the part.
  const upper = Math.floor(size.height / 2);
  const rows = Math.round(height * upper / size.height);
  const above = await readScaled(reader, { ...part, height: rows }, {
    ...size,
    height: upper,
  });
  const below = await readScaled(
    reader,
    { ...part, y: y + rows, height: height - rows },
    { ...size, height: size.height - upper },
  );
  const data = new (above.data.constructor as Uint8ArrayConstructor)(
    above.data.length + below.data.length,
  );
  data.set(above.data);
  data.set(below.data, above.data.length);
  return { ...above, height: size.height, data };
}
