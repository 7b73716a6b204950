/** What weights that sum up to 1 may add to a probability by rounding. */
const rounding = 1e-5;

/** Brings values that rounding alone lifted above 1 back to 1, in place. */
export function clipRounding(values: Float32Array): void {
  for (let at = 0; at < values.length; at++) {
    if (values[at]! > 1 && values[at]! < 1 + rounding) values[at] = 1;
  }
}
