import type { Instance } from "../instances/instance.ts";

/**
 * Makes sure that an object is one: its box of whole pixels at a place that
 * can be, its mask of the box's size, its numbers numbers.
 *
 * @throws {RangeError} If it is not.
 */
export function checkInstance(verb: string, instance: Instance): void {
  const { label, x, y, width, height, mask, probability } = instance;
  const isNatural = (value: number) =>
    Number.isSafeInteger(value) && value >= 0;
  const bad = (found: string, expected: string) =>
    new RangeError(
      `Cannot ${verb} ${label}: found ${found}, expected ${expected}`,
    );
  if (!(isNatural(label) && label > 0 && label < 2 ** 32)) {
    throw bad("that label", "an integer from 1 that fits into 32 bits");
  }
  if (![x, y].every(isNatural)) {
    throw bad(`it at (${x}, ${y})`, "integers from 0");
  }
  if (!(isNatural(width) && isNatural(height) && width * height > 0)) {
    throw bad(`a box of ${width}×${height}`, "integers from 1");
  }
  if (mask.length !== width * height) {
    throw bad(`a mask of ${mask.length}`, `${width * height} values`);
  }
  const isShare = probability === undefined ||
    probability >= 0 && probability <= 1;
  if (!isShare) {
    throw bad(`a probability of ${probability}`, "0…1");
  }
  if (!mask.includes(1)) throw bad("an empty mask", "a pixel that is 1");
}
