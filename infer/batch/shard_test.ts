import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import fc from "fast-check";
import { parseShard, shardOf } from "./shard.ts";

Deno.test("parseShard() reads every part of a whole", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 99999 }),
    fc.integer({ min: 0, max: 99999 }),
    (index, more) => {
      const shard = { index, count: index + more };
      assertEquals(parseShard(`${shard.index}/${shard.count}`), shard);
    },
  ));
});

for (
  const [text, message] of [
    [
      "0/8",
      'Cannot use shard "0/8": found part 0, expected i/n with i from 1 to n, such as 2/8; parts count from 1: the first is 1/8',
    ],
    [
      "9/8",
      'Cannot use shard "9/8": found no part of a whole, expected i/n with i from 1 to n, such as 2/8',
    ],
    ["0/0", 'Cannot use shard "0/0": found part 0, expected i/n'],
    ["/8", 'Cannot use shard "/8": found no part of a whole, '],
    ["2", 'Cannot use shard "2": found no part of a whole, '],
    ["2/8 ", 'Cannot use shard "2/8 ": found no part of a whole, '],
    ["1.5/8", 'Cannot use shard "1.5/8": found no part of a whole, '],
    ["-1/8", 'Cannot use shard "-1/8": found no part of a whole, '],
    ["1/99999999999", 'Cannot use shard "1/99999999999": found no part '],
    ["", 'Cannot use shard "": found no part of a whole, '],
  ] as const
) {
  Deno.test(`parseShard() refuses "${text}"`, () => {
    const error = assertThrows(() => parseShard(text), UsageError);
    assert(error.message.startsWith(message), error.message);
  });
}

Deno.test("shardOf() puts every file into exactly one shard, whatever others there are", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.string({ unit: "binary" }), { maxLength: 40 }),
    fc.integer({ min: 1, max: 20 }),
    (names, count) => {
      const shards = Array.from(
        { length: count },
        (_, at) => names.filter((name) => shardOf(name, count) === at + 1),
      );
      assertEquals(
        shards.flat().toSorted(),
        names.toSorted(),
      );
    },
  ));
});

Deno.test("shardOf() gives the same answer everywhere and always", () => {
  // By Python: int.from_bytes(sha256(name.encode()).digest()[:4]) % 1000 + 1.
  const names = ["a.tif", "plate-1/A01.tif", "細胞/1.tif", "a\nb.tif", ""];
  assertEquals(names.map((name) => shardOf(name, 1000)), [
    662,
    710,
    531,
    849,
    611,
  ]);
  // One name, in the letters of two systems.
  assertEquals(shardOf("e\u0301.tif", 1000), shardOf("\u00e9.tif", 1000));
});

Deno.test("shardOf() fills shards about equally", () => {
  const sizes = new Array<number>(8).fill(0);
  for (let well = 0; well < 8000; well++) {
    sizes[shardOf(`plate-${well % 21}/well-${well}.tif`, 8) - 1]!++;
  }
  // Each is 1000, and five standard deviations of drawing lots are 148.
  assert(sizes.every((size) => Math.abs(size - 1000) < 148), sizes.join());
});

Deno.test("shardOf() refuses an invalid count", () => {
  for (const count of [0, -1, 1.5, NaN]) {
    assertThrows(() => shardOf("a", count), RangeError);
  }
});
