import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A source of random numbers. */
export interface Random {
  /** Draws uniformly from [0, 1), with 32 random bits. */
  next(): number;
  /**
   * Draws an integer uniformly from `low` to `high`, both included.
   *
   * @throws {RangeError} If they are not integers in order, at most 2^32 of
   * them.
   */
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
 * The generator is xoroshiro128+ (Blackman and Vigna, "Scrambled linear
 * pseudorandom number generators", 2021), of which each draw takes the low 32
 * bits; a hash of seed and stream fills its 128 bits of state.
 *
 * @param seed The seed of the whole run, an integer.
 * @param stream Integers that name this stream, such as epoch and sample.
 * @returns The source.
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
  const name = [seed, ...stream];
  for (const part of name) {
    if (!Number.isSafeInteger(part)) {
      throw new RangeError(
        `Cannot seed random numbers: found ${part}, expected an integer`,
      );
    }
  }
  return wrap(startWords.map((word) => hash(word, name)));
}

/**
 * Continues a stream where `Random.state()` left it.
 *
 * @param state What `state()` returned.
 * @returns A source that draws what the first would have drawn next.
 * @throws {RangeError} If it is not four 32-bit integers, or all are 0.
 *
 * @example
 * ```ts
 * import { createRandom, restoreRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const random = createRandom(1);
 * const continued = restoreRandom(random.state());
 * assertEquals(continued.next(), random.next());
 * ```
 */
export function restoreRandom(state: readonly number[]): Random {
  const whole = state.length === 4 &&
    state.every((word) => (word | 0) === word);
  // From zeros alone the generator would draw zeros alone.
  if (!whole || state.every((word) => word === 0)) {
    throw new RangeError(
      `Cannot restore random numbers: found [${state}], expected four 32-bit integers, not all 0`,
    );
  }
  return wrap(state);
}

function wrap(state: readonly number[]): Random {
  const generator = xoroshiro128plusFromState(state);
  const next = () => (generator.next() >>> 0) / 0x100000000;
  return {
    next,
    integer(low, high) {
      if (
        !Number.isSafeInteger(low) || !Number.isSafeInteger(high) ||
        !(high >= low && high - low < 0x100000000)
      ) {
        throw new RangeError(
          `Cannot draw an integer: found bounds ${low} and ${high}, expected integers in order, at most 2^32 of them`,
        );
      }
      return low + Math.floor(next() * (high - low + 1));
    },
    uniform: (low, high) => low + next() * (high - low),
    // Box-Muller without its second value, so that the state says all.
    normal: () =>
      Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    state: () => [...generator.getState()],
  };
}

/** One start a word of state: digits of pi's fraction, as good as any. */
const startWords = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];

function hash(word: number, parts: readonly number[]): number {
  for (const part of parts) {
    word = mix(word ^ (part | 0));
    word = mix(word ^ Math.floor(part / 0x100000000));
  }
  return word;
}

/** The finalizer of MurmurHash3 (32 bits): every input bit reaches all output bits. */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
