/**
 * How programs on planes turn sums into bytes.
 *
 * @module
 */
import { vectorsOf } from "./assembly.ts";
import type { Emitter } from "./transforms.ts";

const { register: r } = vectorsOf(16);

/**
 * Rounds registers' numbers; those above 255 to 255, as register 29 has it. NaN
 * passes, for it is the second of the two, and becomes 0 where bytes are made.
 */
export function roundSums(
  { assembly }: Emitter,
  registers: readonly number[],
): void {
  for (const n of registers) {
    assembly.emit(
      `vminps ${r(n)}, ${r(29)}, ${r(n)}`,
      `vcvtps2dq ${r(n)}, ${r(n)}`,
    );
  }
}

/**
 * Four channels' whole numbers as bytes, a pixel's together, cut to 0…255;
 * register 30 holds the order, and the one after the result is used.
 */
export function packPixels(
  { assembly }: Emitter,
  [a, b, c, d]: readonly string[],
  to: number,
): void {
  assembly.emit(
    `vpackssdw ${r(to)}, ${a}, ${b}`,
    `vpackssdw ${r(to + 1)}, ${c}, ${d}`,
    `vpackuswb ${r(to)}, ${r(to)}, ${r(to + 1)}`,
    `vpshufb ${r(to)}, ${r(to)}, ${r(30)}`,
  );
}
