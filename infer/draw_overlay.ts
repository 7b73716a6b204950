import { type Image, toRgb8 } from "@unet/data";

/** Green stands out on black, on white and on the purple of stained tissue. */
const color = [0, 214, 72] as const;

/** How much of the color covers the inside of an object; little, to see it. */
const fill = 0.14;

/** Images longer than this are looked at from further away. */
const largeImage = 1000;

/**
 * Draws where a mask's objects lie on their image: a crisp outline on each
 * object's outermost pixels and a light tint inside. The outline is 1 pixel
 * wide, 2 on images longer than 1000 pixels; it stays open where an object is
 * cut by the image's border.
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
 * assertEquals(overlay.data, new Uint8Array([200, 200, 200, 0, 214, 72]));
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
  const seen = toRgb8(image).data;
  const data = new Uint8Array(width * height * 3);
  const reach = Math.max(width, height) > largeImage ? 2 : 1;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const share = mask.data[pixel] === 0
        ? 0
        : isOutline(mask, x, y, reach)
        ? 1
        : fill;
      for (let channel = 0; channel < 3; channel++) {
        const at = pixel * 3 + channel, value = seen[at]!;
        data[at] = Math.round(value + share * (color[channel]! - value));
      }
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

/** Whether background lies within `reach` pixels above, below or beside. */
function isOutline(
  { width, height, data }: Image,
  x: number,
  y: number,
  reach: number,
): boolean {
  const at = y * width + x;
  for (let step = 1; step <= reach; step++) {
    if (x >= step && data[at - step] === 0) return true;
    if (x + step < width && data[at + step] === 0) return true;
    if (y >= step && data[at - step * width] === 0) return true;
    if (y + step < height && data[at + step * width] === 0) return true;
  }
  return false;
}
