import { classColor } from "./class_color.ts";

/** A color as one number. */
function keyOf(red: number, green: number, blue: number): number {
  return red << 16 | green << 8 | blue;
}

/**
 * Reads a class map from its colors, as a viewer or an image library gives the
 * palette PNG that `segment()` writes.
 *
 * @param colors Red, green and blue of each pixel, 0…255.
 * @param classes How many classes there are.
 * @returns The number of each pixel's class; undefined where a pixel has a
 * color that is not that of a class.
 *
 * @example
 * ```ts
 * import { classColor, classNumbersOf } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const colors = [2, 0, 1].flatMap(classColor);
 * assertEquals(classNumbersOf(colors, 3), new Uint8Array([2, 0, 1]));
 * assertEquals(classNumbersOf([1, 2, 3], 3), undefined);
 * ```
 */
export function classNumbersOf(
  colors: ArrayLike<number>,
  classes: number,
): Uint8Array | undefined {
  const numbers = new Map(
    Array.from({ length: classes }, (_, number) => [
      keyOf(...classColor(number)),
      number,
    ]),
  );
  const found = new Uint8Array(colors.length / 3);
  for (let pixel = 0, at = 0; pixel < found.length; pixel++, at += 3) {
    const number = numbers.get(
      keyOf(colors[at]!, colors[at + 1]!, colors[at + 2]!),
    );
    if (number === undefined) return undefined;
    found[pixel] = number;
  }
  return found;
}
