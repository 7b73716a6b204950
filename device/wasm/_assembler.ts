/**
 * A small assembler for WebAssembly with 128-bit SIMD: just the instructions
 * that this folder's kernels use. A kernel is an expression tree written in
 * TypeScript, e.g. `set(sum, f32x4.add(get(sum), v128.load(get(x))))`.
 *
 * Opcodes are those of the WebAssembly 3.0 specification, section 5.4.
 *
 * @module
 */

/** Encoded instructions, nested as the expressions that made them. */
export type Code = readonly (number | Code)[];

/** The types that these kernels compute with. */
export type ValueType = "i32" | "v128";

/** A parameter or local variable of a function. */
export interface Local {
  /** Its number within the function, parameters first. */
  readonly index: number;
  /** What it holds. */
  readonly type: ValueType;
}

/** A function ready to be put into a module. */
export interface WasmFunction {
  /** The name under which it is exported. */
  readonly name: string;
  /** How many parameters it takes, all of them i32. */
  readonly params: number;
  /** Its local variables besides the parameters. */
  readonly locals: readonly Local[];
  /** Its instructions. */
  readonly body: Code;
}

const typeCodes: Record<ValueType, number> = { i32: 0x7f, v128: 0x7b };
const noResult = 0x40;

/**
 * Writes a function that takes i32 parameters and returns nothing.
 *
 * @param name The name under which it is exported.
 * @param names Names of the parameters, in order.
 * @param write Gives the body, from the parameters and a maker of locals.
 */
export function wasmFunction<Name extends string>(
  name: string,
  names: readonly Name[],
  write: (
    params: Record<Name, Local>,
    local: (type: ValueType) => Local,
  ) => Code,
): WasmFunction {
  const params = Object.fromEntries(
    names.map((key, index) => [key, { index, type: "i32" }]),
  ) as Record<Name, Local>;
  const locals: Local[] = [];
  const body = write(params, (type) => {
    const local = { index: names.length + locals.length, type };
    locals.push(local);
    return local;
  });
  return { name, params: names.length, locals, body };
}

/** Encodes a module of functions over the memory imported as `env.memory`. */
export function assemble(
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const bytes: Code = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(
      1,
      functions.map(({ params }) => [
        0x60,
        vector(Array<Code>(params).fill([typeCodes.i32])),
        vector([]),
      ]),
    ),
    section(2, [[text("env"), text("memory"), 0x02, 0x00, 0x00]]),
    section(3, functions.map((_, index) => unsigned(index))),
    section(
      7,
      functions.map(({ name }, index) => [
        text(name),
        0x00,
        unsigned(index),
      ]),
    ),
    section(
      10,
      functions.map(({ locals, body }) =>
        sized([
          vector(locals.map(({ type }) => [0x01, typeCodes[type]])),
          body,
          0x0b,
        ])
      ),
    ),
  ];
  return Uint8Array.from(flatten(bytes));
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, sized(vector(entries))];
}

function sized(code: Code): Code {
  const bytes = flatten(code);
  return [unsigned(bytes.length), bytes];
}

function vector(entries: readonly Code[]): Code {
  return [unsigned(entries.length), entries];
}

function text(value: string): Code {
  return sized([...new TextEncoder().encode(value)]);
}

function flatten(code: Code): number[] {
  return code.flat(Infinity as 1) as number[];
}

function unsigned(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value;; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push(rest & 0x7f | 0x80);
  }
}

function signed(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value;; rest >>= 7) {
    if (rest >= -0x40 && rest < 0x40) return [...bytes, rest & 0x7f];
    bytes.push(rest & 0x7f | 0x80);
  }
}

/** The value of a local. */
export function get(local: Local): Code {
  return [0x20, unsigned(local.index)];
}

/** Gives a local a value. */
export function set(local: Local, value: Code): Code {
  return [value, 0x21, unsigned(local.index)];
}

/** Adds to an i32 local, as to a pointer. */
export function advance(local: Local, by: Code): Code {
  return set(local, i32.add(get(local), by));
}

/** Repeats a body `counter` times; the counter ends at 0. */
export function repeat(counter: Local, body: Code): Code {
  const decrement = set(counter, i32.sub(get(counter), i32.constant(1)));
  const loop = [0x03, noResult, body, decrement, get(counter), 0x0d, 0, 0x0b];
  return [get(counter), 0x04, noResult, loop, 0x0b];
}

/**
 * Repeats a body `times` times, written out four times a turn: V8 looks for
 * interrupts on every turn, which costs as much as a short body.
 *
 * @param body One repetition, the `step`-th (from 0) of its turn.
 * @param next Moves on by the `steps` repetitions of a turn.
 */
export function repeatUnrolled(
  counter: Local,
  times: Code,
  body: (step: number) => Code,
  next: (steps: number) => Code = () => [],
): Code {
  return [
    set(counter, i32.shiftRight(times, 2)),
    repeat(counter, [[0, 1, 2, 3].map(body), next(4)]),
    set(counter, i32.and(times, i32.constant(3))),
    repeat(counter, [body(0), next(1)]),
  ];
}

/** Instructions on i32. */
export const i32 = {
  /** A constant. */
  constant: (value: number): Code => [0x41, signed(value)],
  /** The sum. */
  add: (a: Code, b: Code): Code => [a, b, 0x6a],
  /** The difference. */
  sub: (a: Code, b: Code): Code => [a, b, 0x6b],
  /** The product. */
  mul: (a: Code, b: Code): Code => [a, b, 0x6c],
  /** Bits that are set in both. */
  and: (a: Code, b: Code): Code => [a, b, 0x71],
  /** a / 2ᵇⁱᵗˢ, rounded down, of an unsigned a. */
  shiftRight: (a: Code, bits: number): Code => [a, i32.constant(bits), 0x76],
};

/** Moves between memory and vectors; `offset` is a constant of bytes. */
export const v128 = {
  /** Four floats, or one float and three zeros. */
  load: (address: Code, offset = 0, lanes: 1 | 4 = 4): Code =>
    lanes === 4
      ? [address, simd(0x00), 2, unsigned(offset)]
      : [address, simd(0x5c), 2, unsigned(offset)],
  /** One float in all four lanes. */
  loadSplat: (
    address: Code,
    offset = 0,
  ): Code => [address, simd(0x09), 2, unsigned(offset)],
  /** Stores four floats, or the first one. */
  store: (address: Code, value: Code, offset = 0, lanes: 1 | 4 = 4): Code =>
    lanes === 4
      ? [address, value, simd(0x0b), 2, unsigned(offset)]
      : [address, value, simd(0x5a), 2, unsigned(offset), 0],
  /** Bits that are set in both. */
  and: (a: Code, b: Code): Code => [a, b, simd(0x4e)],
  /** Bits of `a` that are not set in `b`. */
  andNot: (a: Code, b: Code): Code => [a, b, simd(0x4f)],
  /** Bits that are set in either. */
  or: (a: Code, b: Code): Code => [a, b, simd(0x50)],
  /** All bits zero: four times 0. */
  zero: (): Code => [simd(0x0c), Array<number>(16).fill(0)],
};

/** Arithmetic on four floats; comparisons give lanes of all ones or zeros. */
export const f32x4 = {
  /** a = b. */
  equal: (a: Code, b: Code): Code => [a, b, simd(0x41)],
  /** a > b. */
  greater: (a: Code, b: Code): Code => [a, b, simd(0x44)],
  /** a + b. */
  add: (a: Code, b: Code): Code => [a, b, simd(0xe4)],
  /** a − b. */
  sub: (a: Code, b: Code): Code => [a, b, simd(0xe5)],
  /** a · b. */
  mul: (a: Code, b: Code): Code => [a, b, simd(0xe6)],
  /** a · b + c, in one rounding where the processor can (relaxed SIMD). */
  multiplyAdd: (a: Code, b: Code, c: Code): Code => [a, b, c, simd(0x105)],
  /** The greater; NaN if either is. */
  max: (a: Code, b: Code): Code => [a, b, simd(0xe9)],
  /** b where a < b, else a: NaN if `a` is, whatever `b` is. */
  atLeast: (a: Code, b: Code): Code => [a, b, simd(0xeb)],
};

function simd(opcode: number): Code {
  return [0xfd, unsigned(opcode)];
}

/** As many things as there are, each made from its index. */
export function many<Thing>(
  count: number,
  make: (index: number) => Thing,
): Thing[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
