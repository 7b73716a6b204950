import { createHash } from "node:crypto";
import { cannot, UsageError } from "@unet/errors";

/** One of several equal parts of a batch. */
export interface Shard {
  /** Which one, from 1 to `count`. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/**
 * Reads a shard as a person types it.
 *
 * @param text The text, as in "2/8": the second of eight.
 * @returns The shard.
 * @throws {UsageError} If it is not that.
 *
 * @example
 * ```ts
 * import { parseShard } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseShard("2/8"), { index: 2, count: 8 });
 * ```
 */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new UsageError(
    cannot("use", "shard", text, {
      found: shard.index === 0 ? "part 0" : "no part of a whole",
      expected: "i/n with i from 1 to n, such as 2/8",
      ...shard.index === 0 && shard.count > 0
        ? { remedy: `parts count from 1: the first is 1/${shard.count}` }
        : {},
    }),
  );
}

/**
 * Finds which shard a file belongs to: by a hash of its name alone, so that
 * files that come or go move no other, and every machine decides alike.
 *
 * Shards are as equal as drawing lots makes them: of 1000 files, each of eight
 * gets 125, give or take 20.
 *
 * @param name The file's path below the folder that was given, with "/".
 * @param count How many shards there are.
 * @returns The shard's index, from 1 to `count`.
 * @throws {RangeError} If `count` is no whole number from 1.
 *
 * @example
 * ```ts
 * import { shardOf } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shardOf("plate-1/A01.tif", 1), 1);
 * assertEquals(shardOf("plate-1/A01.tif", 8), 6);
 * ```
 */
export function shardOf(name: string, count: number): number {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot choose a shard: found ${count} of them, expected a whole ` +
        "number from 1",
    );
  }
  // macOS hands out decomposed letters where others hand out whole ones.
  const digest = createHash("sha256").update(name.normalize("NFC")).digest();
  return digest.readUInt32BE(0) % count + 1;
}
