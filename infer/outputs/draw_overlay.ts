import { type Image, pictureOf } from "@unet/data";
import { OverlayRows } from "./overlay_rows.ts";

/**
 * Draws where a mask's objects lie on their image: a yellow line on each
 * object's outermost pixels, a dark casing around it, and a light tint inside.
 * Each is 1 pixel wide, the line 2 on images longer than 1000 pixels; outlines
 * stay open where an object is cut by the image's edge.
 *
 * @param image The image; drawn as a network sees it (`toRgb8` of
 * `@unet/data`).
 * @param mask The objects, an image of one channel and the same size; 0 is
 * background.
 * @returns A new 8-bit RGB image.
 * @throws {RangeError} If the mask has another size or several channels.
 *
 * @example
 * ```ts
 * import { drawOverlay } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const gray = { width: 2, height: 1, channels: 1, depth: 8 } as const;
 * const overlay = drawOverlay(
 *   { ...gray, data: new Uint8Array([200, 0]) },
 *   { ...gray, data: new Uint8Array([0, 255]) },
 * );
 * assertEquals(overlay.data, new Uint8Array([40, 40, 40, 255, 225, 0]));
 * ```
 */
export function drawOverlay(image: Image, mask: Image): Image {
  const { width, height } = image;
  const right = mask.width === width && mask.height === height &&
    mask.channels === 1;
  if (!right) {
    throw new RangeError(
      `Cannot draw overlay: found a mask of ${mask.width}×${mask.height}×${mask.channels}, expected ${width}×${height}×1 as its image`,
    );
  }
  const rows = new OverlayRows(width, height, "mask");
  const data = rows.add(pictureOf(image).data, mask.data);
  return { width, height, channels: 3, depth: 8, data };
}
