import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mirrorAxis } from "./mirror_axis.ts";

Deno.test("mirrorAxis() leaves the axis itself as it is", () => {
  assertEquals([...mirrorAxis(4, 0, 4)], [0, 1, 2, 3]);
  assertEquals([...mirrorAxis(1, -3, 7)], [0, 0, 0, 0, 0, 0, 0]);
  assertEquals([...mirrorAxis(2, -3, 8)], [1, 0, 1, 0, 1, 0, 1, 0]);
});

Deno.test("mirrorAxis() is symmetric about both ends, and moves by one pixel", () => {
  fc.assert(fc.property(
    fc.integer({ min: 2, max: 30 }),
    fc.integer({ min: 1, max: 100 }),
    (size, reach) => {
      const last = size - 1;
      const places = mirrorAxis(size, -reach, size + 2 * reach);
      const at = (place: number): number => places[place + reach]!;
      for (let step = 1; step <= reach; step++) {
        assertEquals(at(-step), at(step));
        assertEquals(at(last + step), at(last - step));
        assert(Math.abs(at(-step) - at(-step + 1)) === 1);
      }
    },
  ));
});
