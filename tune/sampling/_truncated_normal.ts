import {
  logNormalCdf,
  logNormalDensity,
  logNormalQuantile,
  normalCdf,
} from "./_log_normal_cdf.ts";

/**
 * The logarithm of the probability that a standard normal number lies between
 * `a` and `b`.
 */
export function logNormalMass(a: number, b: number): number {
  if (!(b > a)) return -Infinity;
  // The two ends would cancel where they are this close.
  const width = b - a;
  if (width * (1 + Math.abs(a)) < 1e-5) {
    return logNormalDensity((a + b) / 2) + Math.log(width);
  }
  // The left tail has all its digits, the right one has not.
  if (a > 0) return logNormalMass(-b, -a);
  if (b > 0) return Math.log1p(-normalCdf(a) - normalCdf(-b));
  const high = logNormalCdf(b);
  return high + Math.log1p(-Math.exp(logNormalCdf(a) - high));
}

/**
 * The quantile of the standard normal distribution cut off at `a` and `b`.
 *
 * @param part The probability below it, from 0 to 1.
 */
export function truncatedQuantile(part: number, a: number, b: number): number {
  if (part <= 0) return a;
  if (part >= 1) return b;
  if (a > 0) return -truncatedQuantile(1 - part, -b, -a);
  const below = logNormalCdf(a);
  const inside = Math.log(part) + logNormalMass(a, b);
  const most = Math.max(below, inside);
  const target = most + Math.log1p(Math.exp(-Math.abs(below - inside)));
  return Math.min(Math.max(logNormalQuantile(target), a), b);
}
