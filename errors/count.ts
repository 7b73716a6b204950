/**
 * Counts things in words: "1 image", "3 images", "0 images".
 *
 * @param number How many there are.
 * @param noun One of them.
 * @param plural Several of them, where that is not the noun with an "s".
 * @returns The number and the noun in its right form.
 *
 * @example
 * ```ts
 * import { count } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(count(1, "image"), "1 image");
 * assertEquals(count(0, "image"), "0 images");
 * assertEquals(count(2, "nucleus", "nuclei"), "2 nuclei");
 * ```
 */
export function count(
  number: number,
  noun: string,
  plural: string = `${noun}s`,
): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
