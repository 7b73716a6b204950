import type { Layout } from "../_layouts.ts";

/** A part of a row of numbers. */
export interface Stretch {
  /** How many numbers it has. */
  readonly count: number;
  /** Bytes before it. */
  readonly offset: bigint;
}

/**
 * The numbers of a float32 layout, gaps and padding included, in stretches
 * that stay in the processor's cache from one operation to the next.
 *
 * @param layout The layout.
 * @param longest The most numbers of a stretch.
 */
export function* stretchesOf(
  layout: Layout,
  longest: number,
): Generator<Stretch> {
  const all = layout.bytes / 4;
  for (let from = 0; from < all; from += longest) {
    yield { count: Math.min(longest, all - from), offset: BigInt(4 * from) };
  }
}
