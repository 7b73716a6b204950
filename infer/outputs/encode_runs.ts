import type { ImageSize } from "@unet/data";
import type { Instance } from "../instances/instance.ts";
import { checkInstance } from "./_check_instance.ts";

/**
 * The pixels of an object in an image as COCO's compressed run lengths: columns
 * from the left, background and object in turn. Each length after the third is
 * the difference from the one before the last, in characters of five bits and
 * one that says whether more follow.
 *
 * @param instance The object.
 * @param size The image's size.
 * @returns The text that pycocotools' `decode()` reads.
 * @throws {RangeError} If the object is empty, its mask has another size, or it
 * lies outside of the image.
 *
 * @example
 * ```ts
 * import { encodeRuns } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const object = { label: 1, x: 1, y: 0, width: 1, height: 2, probability: 1 };
 * const mask = new Uint8Array([1, 1]);
 * assertEquals(encodeRuns({ ...object, mask }, { width: 3, height: 2 }), "222");
 * ```
 */
export function encodeRuns(instance: Instance, size: ImageSize): string {
  checkInstance("encode object", instance);
  const { x, y, width, height, mask } = instance;
  if (x < 0 || y < 0 || x + width > size.width || y + height > size.height) {
    throw new RangeError(
      `Cannot encode object: found ${width}×${height} at (${x}, ${y}), expected it inside ${size.width}×${size.height}`,
    );
  }
  const runs: number[] = [];
  let end = 0, start = -1;
  const close = (at: number): void => {
    if (start < 0) return;
    runs.push(start - end, at - start);
    end = at;
    start = -1;
  };
  for (let column = 0; column < width; column++) {
    const above = (x + column) * size.height + y;
    for (let row = 0; row < height; row++) {
      const isInside = mask[row * width + column] === 1;
      if (!isInside) close(above + row);
      else if (start < 0) start = above + row;
    }
    // A run continues in the next column where no pixel lies between.
    if (height < size.height) close(above + height);
  }
  close((x + width) * size.height);
  const rest = size.width * size.height - end;
  if (rest > 0) runs.push(rest);
  return runs.map((run, at) => pack(at > 2 ? run - runs[at - 2]! : run))
    .join("");
}

/** Five bits per character from the lowest, until only the sign is left. */
function pack(number: number): string {
  let text = "", rest = number;
  for (;;) {
    const bits = ((rest % 32) + 32) % 32;
    rest = Math.floor(rest / 32);
    const isLast = bits & 16 ? rest === -1 : rest === 0;
    text += String.fromCharCode(48 + bits + (isLast ? 0 : 32));
    if (isLast) return text;
  }
}
