import type { Image } from "./types.ts";

/**
 * Finds percentiles of all values but alpha, exactly: the smallest value that
 * at least this share of the values do not exceed (numpy's `inverted_cdf`).
 * NaN and infinities do not count; 0 where nothing does.
 */
export function percentiles(
  image: Image,
  shares: readonly number[],
): number[] {
  const channels = image.channels;
  if (image.data instanceof Float32Array) {
    return percentilesOfFloats(image.data, channels, shares);
  }
  const counts = new Float64Array(2 ** image.depth);
  const { data } = image;
  for (let index = 0; index < data.length; index++) {
    if (channels !== 4 || (index & 3) !== 3) counts[data[index]!]!++;
  }
  const total = sum(counts);
  return shares.map((share) =>
    total === 0 ? 0 : find(counts, rank(share, total)).bucket
  );
}

/**
 * Sorts floats into buckets by the upper half of their bits, then the bucket
 * sought by the lower half: two passes, no copy.
 */
function percentilesOfFloats(
  data: Float32Array,
  channels: number,
  shares: readonly number[],
): number[] {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const count = (visit: (key: number) => void) => {
    for (let index = 0; index < bits.length; index++) {
      const counted = channels !== 4 || (index & 3) !== 3;
      if (counted && Number.isFinite(data[index])) visit(toKey(bits[index]!));
    }
  };
  const upper = new Float64Array(65536);
  count((key) => upper[key >>> 16]!++);
  const total = sum(upper);
  if (total === 0) return shares.map(() => 0);
  return shares.map((share) => {
    const { bucket, left } = find(upper, rank(share, total));
    const lower = new Float64Array(65536);
    count((key) => key >>> 16 === bucket && lower[key & 0xffff]!++);
    return fromKey(bucket * 65536 + find(lower, left).bucket);
  });
}

/** How many values the percentile and those below it are, at least one. */
function rank(share: number, total: number): number {
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
