/**
 * Winograd's F(4×4, 3×3) on planes: the one-dimensional transforms of Lavin and
 * Gray (Fast Algorithms for Convolutional Neural Networks, 2016, section 4.2)
 * in whole numbers.
 *
 * An input's byte becomes at most 17,340 and a kernel's at most 6,223 on either
 * side of 0, so both are exact in 16 bits: kernels are transformed without
 * their fractions, which the transform of the sums makes good.
 *
 * @module
 */
import { vectorsOf } from "./assembly.ts";
import { constantPlace } from "./planes_constants.ts";
import type { Emitter } from "./transforms.ts";

const { register: r } = vectorsOf(16);

/** What six products of a kernel's three numbers are multiplied by. */
const kernelFactors = [
  [1, 0, 0],
  [-1, -1, -1],
  [-1, 1, -1],
  [1, 2, 4],
  [1, -2, 4],
  [0, 0, 1],
] as const;

/** What the sums that {@linkcode transformSums} makes have to be divided by. */
export const sumsDivisor = 24 * 24;

const rows = new Int16Array(18);

/** Turns a kernel of 3×3 into its 36 products. */
export function kernelProducts(
  taps: ArrayLike<number>,
  products: Int16Array,
): void {
  for (let i = 0; i < 6; i++) {
    const [a, b, c] = kernelFactors[i]!;
    for (let x = 0; x < 3; x++) {
      rows[3 * i + x] = a * taps[x]! + b * taps[3 + x]! + c * taps[6 + x]!;
    }
  }
  for (let at = 0; at < 36; at++) {
    const [a, b, c] = kernelFactors[at % 6]!, row = 3 * Math.floor(at / 6);
    products[at] = a * rows[row]! + b * rows[row + 1]! + c * rows[row + 2]!;
  }
}

/**
 * Six registers' words of an input to six, given to `store`; uses `spare`,
 * six more registers.
 */
export function transformWords(
  { assembly }: Emitter,
  [a, b, c, d, e, f]: readonly string[],
  [s, t, u, v, x, y]: readonly string[],
  store: (i: number, register: string) => string,
): void {
  const write = (i: number, register: string): void =>
    assembly.emit(`vmovdqu32 ${store(i, register)}, ${register}`);
  assembly.emit(
    `vpsllw ${s}, ${c}, 2`,
    `vpsllw ${t}, ${b}, 2`,
    `vpsllw ${u}, ${a}, 2`,
    `vpsllw ${v}, ${d}, 2`,
    `vpsubw ${x}, ${e}, ${s}`,
    `vpsubw ${y}, ${d}, ${t}`,
    // The first: 4a − 5c + e. The last: 4b − 5d + f.
    `vpaddw ${u}, ${u}, ${x}`,
    `vpsubw ${u}, ${u}, ${c}`,
    `vpaddw ${f}, ${f}, ${t}`,
    `vpsubw ${f}, ${f}, ${v}`,
    `vpsubw ${f}, ${f}, ${d}`,
    `vpaddw ${s}, ${x}, ${y}`,
    `vpsubw ${x}, ${x}, ${y}`,
    `vpsubw ${e}, ${e}, ${c}`,
    `vpsubw ${d}, ${d}, ${b}`,
    `vpaddw ${d}, ${d}, ${d}`,
    `vpaddw ${t}, ${e}, ${d}`,
    `vpsubw ${e}, ${e}, ${d}`,
  );
  [u!, s!, x!, t!, e!, f!].forEach((register, i) => write(i, register));
}

/**
 * Six sums in registers 0 to 5 to four of an output, times 24; 6 and 7 are
 * used. Constants are at rax.
 */
export function transformSums(
  { assembly }: Emitter,
  to: readonly number[],
): void {
  const times = (name: "two" | "four" | "six" | "eight" | "twentyFour") =>
    `[rax+${constantPlace(name)}]`;
  assembly.emit(
    `vaddps ${r(6)}, ${r(1)}, ${r(2)}`,
    `vsubps ${r(1)}, ${r(1)}, ${r(2)}`,
    `vaddps ${r(7)}, ${r(3)}, ${r(4)}`,
    `vsubps ${r(3)}, ${r(3)}, ${r(4)}`,
    `vmulps ${r(6)}, ${r(6)}, ${times("four")}`,
    `vmulps ${r(1)}, ${r(1)}, ${times("four")}`,
    `vfmadd132ps ${r(0)}, ${r(6)}, ${times("six")}`,
    `vfmadd132ps ${r(5)}, ${r(1)}, ${times("twentyFour")}`,
    `vaddps ${r(to[0]!)}, ${r(0)}, ${r(7)}`,
    `vmovaps ${r(to[1]!)}, ${r(1)}`,
    `vfmadd231ps ${r(to[1]!)}, ${r(3)}, ${times("two")}`,
    `vfmadd231ps ${r(5)}, ${r(3)}, ${times("eight")}`,
    `vfmadd132ps ${r(7)}, ${r(6)}, ${times("four")}`,
    `vmovaps ${r(to[2]!)}, ${r(7)}`,
    `vmovaps ${r(to[3]!)}, ${r(5)}`,
  );
}

/**
 * Four registers of four dwords a lane: the n-th dword of each goes to the
 * n-th result, of which the first so many are wanted. Done twice, nothing has
 * changed. Uses four spare registers.
 */
export function transposeDwords(
  { assembly }: Emitter,
  [a, b, c, d]: readonly string[],
  { to, spare: [s, t, u, v] }: {
    readonly to: readonly string[];
    readonly spare: readonly string[];
  },
): void {
  assembly.emit(
    `vpunpckldq ${s}, ${a}, ${b}`,
    `vpunpckldq ${t}, ${c}, ${d}`,
    ...to.length > 2
      ? [`vpunpckhdq ${u}, ${a}, ${b}`, `vpunpckhdq ${v}, ${c}, ${d}`]
      : [],
    `vpunpcklqdq ${to[0]}, ${s}, ${t}`,
    `vpunpckhqdq ${to[1]}, ${s}, ${t}`,
    ...to.length > 2
      ? [
        `vpunpcklqdq ${to[2]}, ${u}, ${v}`,
        `vpunpckhqdq ${to[3]}, ${u}, ${v}`,
      ]
      : [],
  );
}
