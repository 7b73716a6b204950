import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { unlabeled } from "@unet/data/class-target";
import { boxesIn, instanceIn } from "./instances_in.ts";
import { labelsOf } from "./labels_of.ts";

Deno.test("instanceIn() of boxesIn() cuts out objects that give the labels again", () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(
    fc.tuple(side, side).chain(([width, height]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        values: fc.array(fc.integer({ min: 0, max: 4 }), {
          ...{ minLength: width * height, maxLength: width * height },
        }),
      })
    ),
    ({ width, height, values }) => {
      const labels = { width, height, data: Uint32Array.from(values) };
      const boxes = boxesIn(labels);
      const instances = [...boxes].map(([label, box]) =>
        instanceIn(labels, label, box)
      );
      assertEquals(labelsOf(instances, width, height), labels);
      for (const { width, height, mask } of instances) {
        // Every side of a smallest box has a pixel.
        const rows = Array.from(
          { length: height },
          (_, y) => [...mask.subarray(y * width, (y + 1) * width)],
        );
        assertEquals(
          [rows[0], rows.at(-1)].every((row) => row!.includes(1)),
          true,
        );
        for (const x of [0, width - 1]) {
          assertEquals(rows.some((row) => row[x] === 1), true);
        }
      }
    },
  ));
});

Deno.test("boxesIn() leaves out what is unlabeled, and objects that are not wanted", () => {
  const data = new Uint32Array([1, unlabeled, 2, 0, unlabeled, 2]);
  const labels = { width: 3, height: 2, data };
  const one = { x: 0, y: 0, width: 1, height: 1 };
  const two = { x: 2, y: 0, width: 1, height: 2 };
  assertEquals([...boxesIn(labels)], [[1, one], [2, two]]);
  assertEquals([...boxesIn(labels, new Set([2, 9]))], [[2, two]]);
});
