import type { Image } from "@unet/data";

/**
 * A picture that a page shows.
 *
 * @param image Red, green and blue, 8 bits each.
 * @param type Its format.
 */
export async function pictureOf(
  { width, height, data }: Image,
  type: "image/jpeg" | "image/png",
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels.data[to] = data[from]!;
    pixels.data[to + 1] = data[from + 1]!;
    pixels.data[to + 2] = data[from + 2]!;
    pixels.data[to + 3] = 255;
  }
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return await canvas.convertToBlob({ type, quality: 0.92 });
}
