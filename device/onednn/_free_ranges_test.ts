import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FreeRanges } from "./_free_ranges.ts";

Deno.test("FreeRanges takes the lowest part that is large enough", () => {
  const ranges = new FreeRanges(100);
  assertEquals([ranges.take(10), ranges.take(20), ranges.take(30)], [
    0,
    10,
    30,
  ]);
  ranges.give(10, 20);
  assertEquals(ranges.take(21), 60);
  assertEquals(ranges.take(20), 10);
  assertEquals(ranges.take(20), null);
});

Deno.test("FreeRanges joins what is given back with its neighbors, in any order", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
    fc.infiniteStream(fc.nat()),
    (sizes, draws) => {
      const ranges = new FreeRanges(1000);
      const held = sizes.map((size) => ({ start: ranges.take(size)!, size }));
      for (const value of draws.take(held.length)) {
        const [part] = held.splice(value % held.length, 1);
        ranges.give(part!.start, part!.size);
        for (const [i, range] of ranges.parts.entries()) {
          const next = ranges.parts[i + 1];
          assert(!next || range.start + range.size < next.start);
        }
      }
      assertEquals(ranges.parts, [{ start: 0, size: 1000 }]);
    },
  ));
});

Deno.test("FreeRanges lends no address twice at a time", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean())),
    (asks) => {
      const ranges = new FreeRanges(1000), used = new Set<number>();
      for (const [size, giveBack] of asks) {
        const start = ranges.take(size);
        if (start === null) continue;
        const addresses = Array.from({ length: size }, (_, i) => start + i);
        for (const address of addresses) {
          assert(address < 1000 && !used.has(address));
        }
        if (giveBack) ranges.give(start, size);
        else addresses.forEach((address) => used.add(address));
      }
    },
  ));
});
