import type { PixelSize } from "@unet/data";

/**
 * Makes sure that a size can be one.
 *
 * @throws {RangeError} If width or height is no integer from 1, or the pixel
 * size not above 0.
 */
export function checkSize(
  verb: string,
  width: number,
  height: number,
  pixelSize?: PixelSize,
): void {
  const isLength = (value: number) =>
    Number.isInteger(value) && value > 0 && value < 2 ** 31;
  if (!isLength(width) || !isLength(height)) {
    throw new RangeError(
      `Cannot ${verb}: found ${width}×${height} pixels, expected integers from 1`,
    );
  }
  if (!pixelSize) return;
  const { x, y } = pixelSize;
  if (!(x > 0 && x < Infinity && y > 0 && y < Infinity)) {
    throw new RangeError(
      `Cannot ${verb}: found a pixel size of ${x}×${y} µm, expected numbers above 0`,
    );
  }
}
