import { cannot } from "@unet/errors";

/**
 * Checks an option that counts something.
 *
 * @throws {RangeError} If it is not a whole number from `least` on.
 */
export function checkCount(
  what: string,
  name: string,
  value: number,
  least: number,
): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(cannot("use", what, name, {
    found: String(value),
    expected: `a whole number from ${least}`,
  }));
}
