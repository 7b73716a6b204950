/** Shades from faint to strong, on light and on dark paper alike. */
export const levels = 7;

/** The shade of a place in an order, the first being the faintest. */
export function levelOf(rank: number, count: number): number {
  return Math.min(levels - 1, Math.floor(levels * rank / Math.max(1, count)));
}
