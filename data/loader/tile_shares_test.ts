import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { quotasOf, type TileQuota, tilesByShares } from "./tile_shares.ts";

const shares = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), {
  minLength: 1,
  maxLength: 6,
});

Deno.test("quotasOf() divides all tiles, each share to less than one tile of its part", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), shares, (tiles, of) => {
      const quotas = quotasOf(tiles, of);
      const sum = of.reduce((all, one) => all + one, 0);
      assertEquals(quotas.reduce((all, one) => all + one, 0), tiles);
      quotas.forEach((quota, at) => {
        assert(Number.isSafeInteger(quota) && quota >= 0);
        assert(Math.abs(quota - tiles * of[at]! / sum) < 1 + 1e-6);
      });
    }),
  );
});

Deno.test("quotasOf() gives what is left over to the largest remainders, of equal ones to the first", () => {
  // The textbook's example: 10.43, 6.39, 3.18 of 20.
  assertEquals(quotasOf(20, [4, 2, 1]), [11, 6, 3]);
  assertEquals(quotasOf(1, [1, 1]), [1, 0]);
  assertEquals(quotasOf(7, [1, 1]), [4, 3]);
});

/** Groups of tiles that follow one another, with what an epoch takes of each. */
const groups = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 9 }),
    quota: fc.integer({ min: 1, max: 25 }),
  }),
  { minLength: 1, maxLength: 4 },
).map((sizes) => {
  let placed = 0;
  const all = sizes.map(({ size, quota }): TileQuota => {
    const tiles = Array.from({ length: size }, (_, at) => placed + at);
    placed += size;
    return { tiles, quota };
  });
  return { all, placed };
});

const seeds = fc.integer({ min: 0, max: 1e6 });

Deno.test("tilesByShares() takes of each group its quota, in every epoch", () => {
  fc.assert(fc.property(groups, seeds, fc.nat(40), fc.boolean(), (
    { all, placed },
    seed,
    epoch,
    isShuffled,
  ) => {
    const drawn = tilesByShares(all, { epoch, seed, isShuffled, placed });
    // Even a tile that comes twice has an index of its own.
    assertEquals(new Set(drawn).size, drawn.length);
    for (const { tiles, quota } of all) {
      const own = drawn.filter((tile) => tiles.includes(tile % placed));
      assertEquals(own.length, quota);
    }
  }));
});

Deno.test("tilesByShares() shows every tile of a group before one comes again, across epochs", () => {
  fc.assert(fc.property(groups, seeds, ({ all, placed }, seed) => {
    const options = { seed, isShuffled: true, placed };
    const times = new Map<number, number>();
    for (let epoch = 0; epoch < 8; epoch++) {
      for (const index of tilesByShares(all, { ...options, epoch })) {
        const tile = index % placed;
        times.set(tile, (times.get(tile) ?? 0) + 1);
      }
      for (const { tiles, quota } of all) {
        const seen = tiles.map((tile) => times.get(tile) ?? 0);
        const each = Math.floor((epoch + 1) * quota / tiles.length);
        assert(seen.every((number) => number === each || number === each + 1));
      }
    }
  }));
});

Deno.test("tilesByShares() without shuffling goes through each group in order", () => {
  const all = [{ tiles: [0, 1, 2], quota: 2 }, { tiles: [3], quota: 2 }];
  const options = { seed: 0, isShuffled: false, placed: 4 };
  assertEquals(tilesByShares(all, { ...options, epoch: 0 }), [0, 1, 3, 7]);
  assertEquals(tilesByShares(all, { ...options, epoch: 1 }), [2, 0, 3, 7]);
});

Deno.test("tilesByShares() mixes groups, differently in each epoch and for each seed", () => {
  const tiles = Array.from({ length: 50 }, (_, at) => at);
  const all = [
    { tiles: tiles.slice(0, 40), quota: 20 },
    { tiles: tiles.slice(40), quota: 20 },
  ];
  const options = { seed: 3, isShuffled: true, placed: 50, epoch: 0 };
  const first = tilesByShares(all, options);
  assertEquals(tilesByShares(all, options), first);
  assertNotEquals(tilesByShares(all, { ...options, epoch: 1 }), first);
  assertNotEquals(tilesByShares(all, { ...options, seed: 4 }), first);
  const early = first.slice(0, 20).filter((tile) => tile % 50 < 40).length;
  assert(early > 3 && early < 17);
});
