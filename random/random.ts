import {
  xoroshiro128plus,
  xoroshiro128plusFromState,
} from "pure-rand/generator/xoroshiro128plus";

/** A source of random numbers. */
export interface Random {
  /** Draws uniformly from [0, 1), with 32 random bits. */
  next(): number;
  /** Draws an integer uniformly from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** Draws uniformly from [`low`, `high`). */
  uniform(low: number, high: number): number;
  /** Draws from the standard normal distribution. */
  normal(): number;
  /** The generator's state, as integers that {@linkcode restoreRandom} takes. */
  state(): number[];
}

/**
 * Starts a random stream. Streams of one seed that differ in any of their
 * numbers are independent.
 *
 * @param seed The seed of the whole run, an integer.
 * @param stream Integers that name this stream, such as epoch and sample.
 * @returns The source, on the generator xoroshiro128+.
 * @throws {RangeError} If a number is not a safe integer.
 *
 * @example
 * ```ts
 * import { createRandom } from "@unet/random";
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals(createRandom(1, 0).next(), createRandom(1, 1).next());
 * ```
 */
export function createRandom(seed: number, ...stream: number[]): Random {
  let hash = 0x9e3779b9;
  for (const part of [seed, ...stream]) {
    if (!Number.isSafeInteger(part)) {
      throw new RangeError(
        `Cannot seed random numbers: found ${part}, expected an integer`,
      );
    }
    hash = mix(hash ^ (part | 0));
    hash = mix(hash ^ Math.floor(part / 0x100000000));
  }
  return wrap(xoroshiro128plus(hash));
}

/**
 * Continues a stream where `Random.state()` left it.
 *
 * @param state What `state()` returned.
 * @returns A source that draws what the first would have drawn next.
 */
export function restoreRandom(state: readonly number[]): Random {
  return wrap(xoroshiro128plusFromState(state));
}

function wrap(
  generator: { next(): number; getState(): readonly number[] },
): Random {
  const next = () => (generator.next() >>> 0) / 0x100000000;
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    uniform: (low, high) => low + next() * (high - low),
    // Box-Muller without its second value, so that the state says all.
    normal: () =>
      Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    state: () => [...generator.getState()],
  };
}

/** The finalizer of MurmurHash3 (32 bits): every input bit reaches all output bits. */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
