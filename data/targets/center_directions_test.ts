import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { centerDirections, noDirection } from "./center_directions.ts";
import { unlabeled } from "./class_target.ts";
import type { Labels } from "../types.ts";

/** Images of a few instances, of any shape and touching any way. */
const anyLabels: fc.Arbitrary<Labels> = fc.tuple(
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 12 }),
).chain(([width, height]) =>
  fc.uint32Array({ minLength: width * height, maxLength: width * height })
    .map((data) => ({ width, height, data: data.map((value) => value % 4) }))
);

/** A channel of the pixels of one object. */
function channelOf(labels: Labels, label: number, channel: number): number[] {
  const directions = centerDirections(labels);
  return [...labels.data.keys()].filter((at) => labels.data[at] === label)
    .map((at) => directions[2 * at + channel]!);
}

Deno.test("centerDirections() go from −1 to 1 across each object, around its center of mass", () => {
  fc.assert(fc.property(anyLabels, (labels) => {
    const { width, data } = labels;
    for (const label of new Set(data)) {
      if (label === 0) continue;
      for (const channel of [0, 1]) {
        const values = channelOf(labels, label, channel);
        const places = [...data.keys()].filter((at) => data[at] === label)
          .map((at) => channel === 0 ? at % width : Math.floor(at / width));
        const middle = places.reduce((a, b) => a + b) / places.length;
        const isFlat = Math.min(...places) === Math.max(...places);
        assertEquals(Math.min(...values), isFlat ? 0 : -1);
        assertEquals(Math.max(...values), isFlat ? 0 : 1);
        values.forEach((value, i) => {
          assertEquals(Math.sign(value), Math.sign(places[i]! - middle));
        });
      }
    }
  }));
});

Deno.test("centerDirections() has no direction on background", () => {
  fc.assert(fc.property(anyLabels, (labels) => {
    const directions = centerDirections(labels);
    labels.data.forEach((label, at) => {
      const both = [...directions.subarray(2 * at, 2 * at + 2)];
      if (label === 0) assertEquals(both, [noDirection, noDirection]);
      else assert(both.every((value) => Math.abs(value) <= 1));
    });
  }));
});

Deno.test("centerDirections() jumps where two objects touch", () => {
  const data = new Uint32Array([1, 1, 1, 1, 1, 2, 2, 2]);
  const directions = centerDirections({ width: 8, height: 1, data });
  const across = directions.filter((_, at) => at % 2 === 0);
  [-1, -0.5, 0, 0.5, 1, -1, 0, 1].forEach((value, at) =>
    assertAlmostEquals(across[at]!, value, 1e-6)
  );
});

Deno.test("centerDirections() says nothing of objects that may continue where nothing is labeled", () => {
  const data = Uint32Array.of(1, 1, 0, 2, 2, unlabeled, 0, unlabeled);
  const directions = centerDirections({ width: 8, height: 1, data });
  const none = noDirection;
  assertEquals(
    [...directions.filter((_, at) => at % 2 === 0)],
    [-1, 1, none, none, none, none, none, none],
  );
});
