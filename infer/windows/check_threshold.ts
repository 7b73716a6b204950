/** Makes sure that a threshold is a probability. */
export function checkThreshold(threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw new RangeError(
    `Cannot make mask: found threshold ${threshold}, expected a number in 0…1`,
  );
}
