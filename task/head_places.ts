import type { Head } from "./task.ts";

/** The part of a head that decides where it lies. */
export type HeadWidth = Pick<Head, "channels">;

/** A head, and which of the network's output channels are its own. */
export interface HeadPlace<Of extends HeadWidth = Head> {
  /** The head. */
  readonly head: Of;
  /** Its first channel. */
  readonly from: number;
  /** The channel after its last one. */
  readonly to: number;
}

/**
 * Where each head's channels lie among the outputs of a network.
 *
 * @param heads The heads, in the order of the outputs.
 * @returns A place per head, one after the other.
 *
 * @example
 * ```ts
 * import { headPlaces, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const places = headPlaces(objectTask({ borderWeight: 0.1 }).heads);
 * assertEquals(places.map(({ from, to }) => [from, to]), [[0, 1], [1, 2]]);
 * ```
 */
export function headPlaces<Of extends HeadWidth>(
  heads: readonly Of[],
): HeadPlace<Of>[] {
  let from = 0;
  return heads.map((head) => {
    const place = { head, from, to: from + head.channels };
    from = place.to;
    return place;
  });
}

/**
 * How many output channels the heads have together.
 *
 * @param heads The heads.
 * @returns The sum of their channels.
 *
 * @example
 * ```ts
 * import { channelsOfHeads, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(channelsOfHeads(objectTask().heads), 1);
 * ```
 */
export function channelsOfHeads(heads: readonly HeadWidth[]): number {
  return heads.reduce((sum, { channels }) => sum + channels, 0);
}

/**
 * Whether a head has one channel, so that a pixel's weight applies to its one
 * value there.
 *
 * @param head The head.
 * @returns Whether its planes have the shape of a mask.
 *
 * @example
 * ```ts
 * import { hasOneChannel, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hasOneChannel(objectTask().heads[0]!), true);
 * ```
 */
export function hasOneChannel({ channels }: HeadWidth): boolean {
  return channels === 1;
}
