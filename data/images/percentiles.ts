import type { Image } from "../types.ts";

/**
 * Finds percentiles of all values but alpha, or of one channel, exactly: the
 * smallest value that at least this share of the values do not exceed (numpy's
 * `inverted_cdf`). NaN and infinities do not count; 0 where nothing does.
 */
export function percentiles(
  image: Image,
  shares: readonly number[],
  channel?: number,
): number[] {
  if (image.depth !== 32) {
    const counts = new IntegerCounts(image.depth);
    counts.add(image, channel);
    return counts.find(shares);
  }
  const upper = new FloatCounts();
  upper.add(image, channel);
  const lower = upper.refine(shares);
  lower.add(image, channel);
  return lower.find();
}

/** How often each value of 8 or 16 bits occurs, gathered piece by piece. */
export class IntegerCounts {
  readonly #counts: Float64Array;

  /** Starts without any value. */
  constructor(depth: 8 | 16) {
    this.#counts = new Float64Array(2 ** depth);
  }

  /**
   * Counts the values of an image of this depth, or of a piece of one: all but
   * alpha, or those of one channel.
   */
  add({ data, channels }: Image, channel?: number): void {
    const counts = this.#counts;
    if (channel !== undefined) {
      for (let index = channel; index < data.length; index += channels) {
        counts[data[index]!]!++;
      }
      return;
    }
    for (let index = 0; index < data.length; index++) {
      if (channels !== 4 || (index & 3) !== 3) counts[data[index]!]!++;
    }
  }

  /** How many values are this large or larger. */
  countFrom(value: number): number {
    return sum(this.#counts.subarray(value));
  }

  /** The percentiles of all values counted. */
  find(shares: readonly number[]): number[] {
    const total = sum(this.#counts);
    return shares.map((share) =>
      total === 0 ? 0 : find(this.#counts, rank(share, total)).bucket
    );
  }
}

/**
 * Sorts floats into buckets by the upper half of their bits; a second pass
 * sorts the buckets sought by the lower half. Two passes, no copy.
 */
export class FloatCounts {
  readonly #upper = new Float64Array(65536);

  /**
   * Counts the values of an image of floats, or of a piece of one: all but
   * alpha, or those of one channel.
   */
  add(image: Image, channel?: number): void {
    visitKeys(image, channel, (key) => this.#upper[key >>> 16]!++);
  }

  /** Prepares the second pass, over the same values. */
  refine(shares: readonly number[]): RefinedCounts {
    const total = sum(this.#upper);
    return new RefinedCounts(
      shares.map((share) =>
        total === 0 ? undefined : find(this.#upper, rank(share, total))
      ),
    );
  }
}

/** The second pass of {@linkcode FloatCounts}. */
export class RefinedCounts {
  readonly #sought: readonly ({ bucket: number; left: number } | undefined)[];
  readonly #lower: ReadonlyMap<number, Float64Array>;

  /** Takes the buckets sought, and the ranks within. */
  constructor(
    sought: readonly ({ bucket: number; left: number } | undefined)[],
  ) {
    this.#sought = sought;
    this.#lower = new Map(
      sought.filter((one) => one !== undefined)
        .map(({ bucket }) => [bucket, new Float64Array(65536)]),
    );
  }

  /** Counts the values again. */
  add(image: Image, channel?: number): void {
    visitKeys(image, channel, (key) => {
      const counts = this.#lower.get(key >>> 16);
      if (counts) counts[key & 0xffff]!++;
    });
  }

  /** The percentiles. */
  find(): number[] {
    return this.#sought.map((one) => {
      const counts = one && this.#lower.get(one.bucket);
      return counts
        ? fromKey(one.bucket * 65536 + find(counts, one.left).bucket)
        : 0;
    });
  }
}

function visitKeys(
  { data, channels }: Image,
  channel: number | undefined,
  visit: (key: number) => void,
): void {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const first = channel ?? 0, step = channel === undefined ? 1 : channels;
  for (let index = first; index < bits.length; index += step) {
    const counted = step > 1 || channels !== 4 || (index & 3) !== 3;
    if (counted && Number.isFinite(data[index])) visit(toKey(bits[index]!));
  }
}

/** How many values the percentile and those below it are, at least one. */
export function rank(share: number, total: number): number {
  return Math.max(1, Math.ceil(share * total));
}

/** The bucket that holds the value of a rank, and its rank within. */
function find(
  counts: Float64Array,
  rank: number,
): { bucket: number; left: number } {
  let bucket = 0, left = rank;
  while (left > counts[bucket]!) left -= counts[bucket++]!;
  return { bucket, left };
}

/** Maps the bits of a float so that integer order is the floats' order. */
function toKey(bits: number): number {
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

function fromKey(key: number): number {
  const bits = new Uint32Array([key & 0x80000000 ? key & 0x7fffffff : ~key]);
  return new Float32Array(bits.buffer)[0]!;
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
