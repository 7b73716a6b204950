/**
 * The tiles of an epoch where groups of images have shares of it.
 *
 * @module
 */
import { createRandom, shuffle } from "@unet/random";

/** A group of images, and how much of each epoch it is. */
export interface TileShare {
  /** What the group is called, for messages. */
  readonly name: string;
  /** Its share beside those of the others, above 0; they need no sum. */
  readonly share: number;
  /** The ids of its images; at least one. */
  readonly ids: readonly string[];
}

/** The tiles of a group by their index, and how many of them an epoch takes. */
export interface TileQuota {
  /** The indices; at least one. */
  readonly tiles: readonly number[];
  /** Tiles per epoch; more than there are take some of them again. */
  readonly quota: number;
}

/**
 * Divides the tiles of an epoch by shares: each gets its exact part rounded
 * down, and the largest remainders get one more (Hamilton's method; of equal
 * ones the first).
 *
 * @param tiles Tiles per epoch.
 * @param shares The shares, above 0.
 * @returns Whole numbers that sum to `tiles`.
 *
 * @example
 * ```ts
 * import { quotasOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quotasOf(10, [4, 2, 1]), [6, 3, 1]);
 * ```
 */
export function quotasOf(tiles: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((all, share) => all + share, 0);
  const exact = shares.map((share) => tiles * share / sum);
  const quotas = exact.map(Math.floor);
  const missing = tiles - quotas.reduce((all, quota) => all + quota, 0);
  const order = exact.map((part, at) => ({ at, rest: part - quotas[at]! }))
    .sort((a, b) => b.rest - a.rest || a.at - b.at);
  for (const { at } of order.slice(0, missing)) quotas[at]! += 1;
  return quotas;
}

/**
 * The tiles of an epoch by groups. Each group is walked through in one order
 * that goes from epoch to epoch: every tile comes once before one comes again,
 * then in another order. Any epoch is found without those before.
 *
 * @param groups The groups.
 * @param options The epoch, from 0; the seed; whether orders are random, and
 * groups mixed; how many tiles there are in all.
 * @returns Indices of tiles. One that an epoch takes for the second time is
 * larger by `placed`, for the third time by twice that, so that each has a
 * random stream of its own.
 */
export function tilesByShares(
  groups: readonly TileQuota[],
  { epoch, seed, isShuffled, placed }: {
    readonly epoch: number;
    readonly seed: number;
    readonly isShuffled: boolean;
    readonly placed: number;
  },
): number[] {
  const drawn = groups.flatMap(({ tiles, quota }, group) => {
    const start = epoch * quota, end = start + quota, size = tiles.length;
    const found: number[] = [];
    for (let cycle = Math.floor(start / size); cycle * size < end; cycle++) {
      const order = isShuffled
        ? shuffle(tiles, createRandom(seed, group, cycle, 0, 0))
        : tiles;
      const from = Math.max(0, start - cycle * size);
      found.push(...order.slice(from, end - cycle * size));
    }
    return withRepeats(found, placed);
  });
  return isShuffled ? shuffle(drawn, createRandom(seed, epoch)) : drawn;
}

function withRepeats(tiles: readonly number[], placed: number): number[] {
  const times = new Map<number, number>();
  return tiles.map((tile) => {
    const before = times.get(tile) ?? 0;
    times.set(tile, before + 1);
    return tile + before * placed;
  });
}
