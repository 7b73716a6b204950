/**
 * The one-dimensional transforms of Winograd's F(4×4, 3×3), as Lavin and Gray
 * give them (Fast Algorithms for Convolutional Neural Networks, 2016, section
 * 4.2), on registers.
 *
 * @module
 */
import type { Assembly, Vectors } from "./assembly.ts";
import { type Constant, constantAt } from "./arguments.ts";

/** What emits instructions for vectors. */
export interface Emitter {
  /** The program. */
  readonly assembly: Assembly;
  /** Its vectors. */
  readonly vectors: Vectors;
}

/** A constant in all lanes, as an operand; the arguments are at rbx. */
export function constantOf({ vectors }: Emitter, name: Constant): string {
  return `[rbx+${constantAt[name]}]${vectors.broadcast}`;
}

/**
 * Puts what {@linkcode transformInput} multiplies by into registers 12 to 14,
 * and zeros into 15.
 */
export function loadInputConstants({ assembly, vectors }: Emitter): void {
  const { register: r } = vectors;
  assembly.emit(
    `vbroadcastss ${r(12)}, [rbx+${constantAt.two}]`,
    `vbroadcastss ${r(13)}, [rbx+${constantAt.four}]`,
    `vbroadcastss ${r(14)}, [rbx+${constantAt.five}]`,
    `vxorps ${r(15)}, ${r(15)}, ${r(15)}`,
  );
}

/** Six values of an input to six: registers 0 to 11. */
export function transformInput(
  { assembly, vectors }: Emitter,
  load: (i: number) => string,
  store: (i: number) => string,
): void {
  const { register: r } = vectors;
  for (let i = 0; i < 6; i++) assembly.emit(`vmovups ${r(i)}, ${load(i)}`);
  assembly.emit(
    `vmovaps ${r(6)}, ${r(4)}`,
    `vmovaps ${r(7)}, ${r(3)}`,
    `vfnmadd231ps ${r(6)}, ${r(2)}, ${r(13)}`,
    `vfnmadd231ps ${r(7)}, ${r(1)}, ${r(13)}`,
    `vsubps ${r(8)}, ${r(4)}, ${r(2)}`,
    `vsubps ${r(9)}, ${r(3)}, ${r(1)}`,
    `vfmadd231ps ${r(4)}, ${r(0)}, ${r(13)}`,
    `vfnmadd231ps ${r(4)}, ${r(2)}, ${r(14)}`,
    `vfmadd231ps ${r(5)}, ${r(1)}, ${r(13)}`,
    `vfnmadd231ps ${r(5)}, ${r(3)}, ${r(14)}`,
    `vaddps ${r(10)}, ${r(6)}, ${r(7)}`,
    `vsubps ${r(11)}, ${r(6)}, ${r(7)}`,
    `vmovaps ${r(0)}, ${r(8)}`,
    `vfmadd231ps ${r(0)}, ${r(9)}, ${r(12)}`,
    `vfnmadd231ps ${r(8)}, ${r(9)}, ${r(12)}`,
  );
  [4, 10, 11, 0, 8, 5].forEach((from, i) =>
    assembly.emit(`vmovups ${store(i)}, ${r(from)}`)
  );
}

/** Six values in registers 0 to 5 to four of an output; 6 and 7 are used. */
export function transformOutput(
  emitter: Emitter,
  to: readonly [number, number, number, number],
): void {
  const { assembly, vectors: { register: r } } = emitter;
  assembly.emit(
    `vaddps ${r(6)}, ${r(1)}, ${r(2)}`,
    `vsubps ${r(1)}, ${r(1)}, ${r(2)}`,
    `vaddps ${r(7)}, ${r(3)}, ${r(4)}`,
    `vsubps ${r(3)}, ${r(3)}, ${r(4)}`,
    `vaddps ${r(0)}, ${r(0)}, ${r(6)}`,
    `vaddps ${r(5)}, ${r(5)}, ${r(1)}`,
    `vaddps ${r(to[0])}, ${r(0)}, ${r(7)}`,
    `vfmadd231ps ${r(5)}, ${r(3)}, ${constantOf(emitter, "eight")}`,
    `vfmadd231ps ${r(1)}, ${r(3)}, ${constantOf(emitter, "two")}`,
    `vfmadd231ps ${r(6)}, ${r(7)}, ${constantOf(emitter, "four")}`,
    `vmovaps ${r(to[1])}, ${r(1)}`,
    `vmovaps ${r(to[2])}, ${r(6)}`,
    `vmovaps ${r(to[3])}, ${r(5)}`,
  );
}

/**
 * Four values of an output's gradient to six, the transposed of
 * {@linkcode transformOutput}; registers 4 to 7 are used. The first and the
 * last of the six are the first and the last of the four.
 */
export function transformGradient(
  emitter: Emitter,
  [a, b, c, d]: readonly [number, number, number, number],
  to: readonly [number, number, number, number],
): void {
  const { assembly, vectors: { register: r } } = emitter;
  assembly.emit(
    `vaddps ${r(4)}, ${r(a)}, ${r(c)}`,
    `vaddps ${r(5)}, ${r(b)}, ${r(d)}`,
    `vmulps ${r(6)}, ${r(b)}, ${constantOf(emitter, "two")}`,
    `vmovaps ${r(7)}, ${r(a)}`,
    `vfmadd231ps ${r(7)}, ${r(c)}, ${constantOf(emitter, "four")}`,
    `vfmadd231ps ${r(6)}, ${r(d)}, ${constantOf(emitter, "eight")}`,
    `vaddps ${r(to[0])}, ${r(4)}, ${r(5)}`,
    `vsubps ${r(to[1])}, ${r(4)}, ${r(5)}`,
    `vaddps ${r(to[2])}, ${r(7)}, ${r(6)}`,
    `vsubps ${r(to[3])}, ${r(7)}, ${r(6)}`,
  );
}

/** Three values of a kernel in registers 0 to 2 to six; 3 to 5 are used. */
export function transformKernel(
  emitter: Emitter,
  to: readonly number[],
): void {
  const { assembly, vectors: { register: r } } = emitter;
  const [a, b, c, d, e, f] = to as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  assembly.emit(
    `vaddps ${r(3)}, ${r(0)}, ${r(2)}`,
    `vmulps ${r(4)}, ${r(1)}, ${constantOf(emitter, "sixth")}`,
    `vmulps ${r(5)}, ${r(2)}, ${constantOf(emitter, "sixth")}`,
    `vfmadd231ps ${r(5)}, ${r(0)}, ${constantOf(emitter, "twentyFourth")}`,
    `vmovaps ${r(b)}, ${r(3)}`,
    `vmovaps ${r(c)}, ${r(3)}`,
    `vfnmsub132ps ${r(b)}, ${r(4)}, ${constantOf(emitter, "sixth")}`,
    `vfnmadd132ps ${r(c)}, ${r(4)}, ${constantOf(emitter, "sixth")}`,
    `vmulps ${r(a)}, ${r(0)}, ${constantOf(emitter, "quarter")}`,
    `vmulps ${r(4)}, ${r(1)}, ${constantOf(emitter, "twelfth")}`,
    `vmovaps ${r(f)}, ${r(2)}`,
    `vaddps ${r(d)}, ${r(5)}, ${r(4)}`,
    `vsubps ${r(e)}, ${r(5)}, ${r(4)}`,
  );
}

/**
 * Six values in registers 0 to 5 to three of a kernel's gradient, the
 * transposed of {@linkcode transformKernel}; 6 and 7 are used.
 */
export function transformKernelGradient(
  emitter: Emitter,
  [a, b, c]: readonly [number, number, number],
): void {
  const { assembly, vectors: { register: r } } = emitter;
  assembly.emit(
    `vaddps ${r(6)}, ${r(1)}, ${r(2)}`,
    `vmulps ${r(6)}, ${r(6)}, ${constantOf(emitter, "sixth")}`,
    `vsubps ${r(2)}, ${r(2)}, ${r(1)}`,
    `vaddps ${r(7)}, ${r(3)}, ${r(4)}`,
    `vsubps ${r(3)}, ${r(3)}, ${r(4)}`,
    `vmulps ${r(0)}, ${r(0)}, ${constantOf(emitter, "quarter")}`,
    `vsubps ${r(0)}, ${r(0)}, ${r(6)}`,
    `vfmadd231ps ${r(0)}, ${r(7)}, ${constantOf(emitter, "twentyFourth")}`,
    `vsubps ${r(5)}, ${r(5)}, ${r(6)}`,
    `vfmadd231ps ${r(5)}, ${r(7)}, ${constantOf(emitter, "sixth")}`,
    `vmulps ${r(2)}, ${r(2)}, ${constantOf(emitter, "sixth")}`,
    `vfmadd231ps ${r(2)}, ${r(3)}, ${constantOf(emitter, "twelfth")}`,
    `vmovaps ${r(a)}, ${r(0)}`,
    `vmovaps ${r(b)}, ${r(2)}`,
    `vmovaps ${r(c)}, ${r(5)}`,
  );
}
