import type { BatchShare } from "../types.ts";
import { checkOption as check } from "./check_option.ts";

/** A process among those that share batches. */
export interface LoaderShare {
  /** Its number, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
}

/**
 * Refuses a process that there is not.
 *
 * @throws {RangeError} If a number is out of range.
 */
export function checkShare({ rank, size }: LoaderShare): void {
  const isSize = Number.isSafeInteger(size) && size >= 1;
  check(isSize, "share.size", size, "a positive integer");
  check(
    Number.isSafeInteger(rank) && rank >= 0 && rank < size,
    "share.rank",
    rank,
    `an integer from 0 to ${size - 1}`,
  );
}

/** The tiles of a batch that are made. */
export interface WantedTiles {
  readonly tiles: readonly number[];
  readonly share?: BatchShare;
}

/** A process's part of a batch, a neighboring stretch of its tiles. */
export function partOf(
  tiles: readonly number[],
  { rank, size }: LoaderShare,
): WantedTiles {
  const of = tiles.length;
  const from = Math.floor(rank * of / size);
  const to = Math.floor((rank + 1) * of / size);
  const own = to > from ? tiles.slice(from, to) : tiles.slice(0, 1);
  return { tiles: own, share: { from, to, of } };
}
