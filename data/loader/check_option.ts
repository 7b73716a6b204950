/**
 * Refuses an option of a loader that is out of range.
 *
 * @param right Whether it is in range.
 * @param name Its name.
 * @param found Its value.
 * @param expected What it should be, in words.
 * @throws {RangeError} If it is out of range.
 */
export function checkOption(
  right: boolean,
  name: string,
  found: number,
  expected: string,
): void {
  if (!right) {
    throw new RangeError(
      `Cannot load batches: found ${name} ${found}, expected ${expected}`,
    );
  }
}
