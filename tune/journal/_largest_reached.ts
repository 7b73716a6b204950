/**
 * The greatest value that steps from `low` reach up to `high`, computed on the
 * decimal digits as Optuna does: 0 to 0.3 in steps of 0.1 is three steps,
 * though 0.3 / 0.1 is less than 3.
 */
export function largestReached(
  low: number,
  high: number,
  step: number,
): number {
  if (![low, high, step].every(Number.isFinite)) return high;
  const numbers = [low, high, step].map(toDecimal);
  const exponent = Math.min(...numbers.map(({ exponent }) => exponent));
  const [first, last, distance] = numbers.map((number) =>
    number.digits * 10n ** BigInt(number.exponent - exponent)
  ) as [bigint, bigint, bigint];
  const rest = (last - first) % distance;
  return rest === 0n || last < first
    ? high
    : Number(`${last - rest}e${exponent}`);
}

/** A number as `digits` times ten to the power of `exponent`. */
function toDecimal(value: number): { digits: bigint; exponent: number } {
  const [mantissa = "0", power = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return {
    digits: BigInt(whole + fraction),
    exponent: Number(power) - fraction.length,
  };
}
