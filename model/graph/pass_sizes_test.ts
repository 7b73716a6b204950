import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { graphOf } from "../networks/graph_of.ts";
import { completePlan } from "../plan.ts";
import { passSizes } from "./pass_sizes.ts";

const narrow = graphOf(completePlan({ width: 0.25 }));
const wide = graphOf(completePlan({ width: 1 }));

Deno.test("passSizes() takes fewer images of a wider network in a pass", () => {
  assertEquals(passSizes(narrow, [16, 256, 256]), [16]);
  assertEquals(passSizes(wide, [16, 256, 256]), [4, 4, 4, 4]);
  assertEquals(passSizes(wide, [2, 1024, 1024]), [1, 1]);
});

Deno.test("passSizes() takes every image once, in passes of about one size within the limit", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 2 ** 22 }),
    (count, most) => {
      const sizes = passSizes(narrow, [count, 32, 64], most);
      assertEquals(sizes.reduce((sum, size) => sum + size, 0), count);
      const [least, greatest] = [Math.min(...sizes), Math.max(...sizes)];
      assert(least >= 1 && greatest - least <= 1);
      // 24 channels at the image's size are the most: 16 and 8 joined.
      assert(greatest === 1 || greatest * 24 * 32 * 64 <= most);
    },
  ));
});
