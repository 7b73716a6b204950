const logSqrt2Pi = Math.log(2 * Math.PI) / 2;

/** The logarithm of the standard normal density. */
export function logNormalDensity(x: number): number {
  return -x * x / 2 - logSqrt2Pi;
}

/**
 * The probability that a standard normal number is below `x`: about the middle
 * by the series of its integral, in the tails by the continued fraction of
 * Mills' ratio (Abramowitz and Stegun, 26.2.11 and 26.2.14).
 */
export function normalCdf(x: number): number {
  if (x > tail) return 1 - normalCdf(-x);
  if (x < -tail) return Math.exp(logNormalDensity(x)) / inverseMillsRatio(-x);
  return 0.5 + centralSum(x);
}

/** The logarithm of {@linkcode normalCdf}, without underflow. */
export function logNormalCdf(x: number): number {
  if (x === -Infinity) return -Infinity;
  if (x < -tail) return logNormalDensity(x) - Math.log(inverseMillsRatio(-x));
  return x > 0 ? Math.log1p(-normalCdf(-x)) : Math.log(normalCdf(x));
}

/** From here on the fraction converges fast, and the series has lost digits. */
const tail = 2.5;

/** The integral of the density from 0 to `x`. */
function centralSum(x: number): number {
  let term = x, sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= x * x / odd;
    sum += term;
  }
  return sum * Math.exp(logNormalDensity(x));
}

/** Density by tail probability at `x`, from 2.5 on. */
function inverseMillsRatio(x: number): number {
  // Levels enough for the last bit, found by adding more.
  let fraction = x;
  for (let level = Math.ceil(10 + 350 / (x * x)); level > 0; level--) {
    fraction = x + level / fraction;
  }
  return fraction;
}

/**
 * The `x` of which {@linkcode logNormalCdf} is `target`, by Newton's method; as
 * the function is concave and rising, no step after the first passes the root.
 *
 * @param target The logarithm of a probability.
 */
export function logNormalQuantile(target: number): number {
  if (target >= 0) return Infinity;
  if (target === -Infinity) return -Infinity;
  // Above the middle the logarithm is flat; the other tail is not.
  if (target > -Math.LN2) {
    return -logNormalQuantile(Math.log(-Math.expm1(target)));
  }
  let x = target < -3 ? -Math.sqrt(-2 * (target + logSqrt2Pi)) : 0;
  for (let round = 0; round < 60; round++) {
    const found = logNormalCdf(x);
    const step = (found - target) * Math.exp(found - logNormalDensity(x));
    x -= step;
    if (Math.abs(step) <= 1e-14 * Math.abs(x) || step === 0) break;
  }
  return x;
}
