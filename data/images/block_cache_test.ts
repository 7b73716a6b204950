import { assert, assertEquals, assertRejects } from "@std/assert";
import { BlockCache } from "./block_cache.ts";

/** Walks over a grid of blocks of 10 bytes, and counts how often each is made. */
async function walk(
  most: number,
  across: number,
  rows: readonly (readonly number[])[],
): Promise<{ made: Map<number, number>; peak: number }> {
  const cache = new BlockCache<Uint8Array>(most);
  const made = new Map<number, number>();
  let peak = 0;
  for (const group of rows) {
    for (let column = 0; column < across; column++) {
      for (const row of group) {
        const key = row * across + column;
        await cache.get(key, row, () => {
          made.set(key, (made.get(key) ?? 0) + 1);
          return Promise.resolve(new Uint8Array(10));
        });
        peak = Math.max(peak, cache.bytes);
      }
    }
  }
  return { made, peak };
}

Deno.test("BlockCache makes each block once when windows walk down and overlap", async () => {
  const windows = [[0, 1, 2], [2, 3, 4], [4, 5, 6], [6, 7, 8]];
  const { made, peak } = await walk(4 * 7 * 10, 7, windows);
  assertEquals([...made.values()].filter((times) => times !== 1), []);
  assert(peak <= 4 * 7 * 10, `${peak}`);
});

Deno.test("BlockCache serves a second walk from the top as well as the first", async () => {
  const windows = [[0, 1, 2], [2, 3, 4], [4, 5, 6]];
  const { made } = await walk(4 * 7 * 10, 7, [...windows, ...windows]);
  // The last rows may still be there from the first time.
  assert([...made.values()].every((times) => times <= 2));
});

Deno.test("BlockCache keeps no more bytes than it may", async () => {
  const { peak } = await walk(35, 4, [[0], [1], [0], [9], [3]]);
  assert(peak <= 35, `${peak}`);
});

Deno.test("BlockCache keeps the block made last, however large it is", async () => {
  const { made, peak } = await walk(5, 1, [[0], [0], [1], [1], [0]]);
  assertEquals([made.get(0), made.get(1), peak], [2, 1, 10]);
});

Deno.test("BlockCache makes a block once for two who ask at once", async () => {
  const cache = new BlockCache<Uint8Array>(100);
  let made = 0;
  const make = async () => {
    made++;
    await Promise.resolve();
    return new Uint8Array(4);
  };
  const [one, two] = await Promise.all([
    cache.get(1, 0, make),
    cache.get(1, 0, make),
  ]);
  assert(one === two);
  assertEquals(made, 1);
});

Deno.test("BlockCache forgets a failure", async () => {
  const cache = new BlockCache<Uint8Array>(100);
  const fail = () => Promise.reject(new Error("no"));
  await assertRejects(() => cache.get(1, 0, fail), Error, "no");
  const block = await cache.get(1, 0, () => Promise.resolve(new Uint8Array(4)));
  assertEquals(block.length, 4);
});
