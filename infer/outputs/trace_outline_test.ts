import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { instanceOf } from "./fixtures/sample_instances.ts";
import { type Polygon, type Ring, traceOutline } from "./trace_outline.ts";

/** The pixels whose centers lie within polygons, by the rule of even and odd. */
function rasterized(
  polygons: readonly Polygon[],
  { x: left, y: top, width, height }: ReturnType<typeof instanceOf>,
): Uint8Array {
  const mask = new Uint8Array(width * height);
  const rings = polygons.flatMap(({ outer, holes }) => [outer, ...holes]);
  for (const ring of rings) {
    ring.forEach(([x, y1], index) => {
      const [nextX, y2] = ring[(index + 1) % ring.length]!;
      if (x !== nextX) return;
      // Every pixel to the right of a vertical side changes sides.
      for (let y = Math.min(y1, y2); y < Math.max(y1, y2); y++) {
        for (let column = x; column < left + width; column++) {
          mask[(y - top) * width + column - left]! ^= 1;
        }
      }
    });
  }
  return mask;
}

function signedArea(ring: Ring): number {
  return ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}

Deno.test("traceOutline() covers exactly the pixels, with simple rings in the right direction", () => {
  const masks = fc.integer({ min: 1, max: 9 }).chain((width) =>
    fc.array(fc.boolean(), { minLength: width, maxLength: 9 * width })
      .filter((on) => on.includes(true))
      .map((on) => {
        const height = Math.floor(on.length / width);
        return Array.from({ length: height }, (_, y) =>
          Array.from(
            { length: width },
            (_, x) => on[y * width + x] ? "#" : ".",
          ).join(""));
      })
  ).filter((rows) => rows.some((row) => row.includes("#")));
  fc.assert(
    fc.property(masks, fc.nat(99), (rows, x) => {
      const instance = instanceOf(rows, { x, y: 2 * x });
      const polygons = traceOutline(instance);
      assertEquals(rasterized(polygons, instance), instance.mask);
      for (const { outer, holes } of polygons) {
        assert(signedArea(outer) > 0);
        for (const hole of holes) assert(signedArea(hole) < 0);
        for (const ring of [outer, ...holes]) {
          // No corner twice, none on a straight line.
          assertEquals(new Set(ring.map(String)).size, ring.length);
          ring.forEach(([x1, y1], index) => {
            const [x2, y2] = ring[(index + 1) % ring.length]!;
            const [, y3] = ring[(index + 2) % ring.length]!;
            assert((x1 === x2) !== (y1 === y2));
            assert((x1 === x2) === (y2 === y3));
          });
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("traceOutline() gives holes to the part that they are in", () => {
  const polygons = traceOutline(instanceOf([
    "#####",
    "#...#",
    "#.#.#",
    "#...#",
    "#####",
  ]));
  assertEquals(polygons, [
    {
      outer: [[0, 0], [5, 0], [5, 5], [0, 5]],
      holes: [[[1, 4], [4, 4], [4, 1], [1, 1]]],
    },
    { outer: [[2, 2], [3, 2], [3, 3], [2, 3]], holes: [] },
  ]);
});

Deno.test("traceOutline() parts pixels that meet at a corner alone", () => {
  assertEquals(traceOutline(instanceOf(["#.", ".#"], { x: 5 })), [
    { outer: [[5, 0], [6, 0], [6, 1], [5, 1]], holes: [] },
    { outer: [[6, 1], [7, 1], [7, 2], [6, 2]], holes: [] },
  ]);
});

Deno.test("traceOutline() makes a hole of a bay that is closed at a corner", () => {
  const [polygon, ...more] = traceOutline(
    instanceOf(["####", "#..#", "#.#.", "###."]),
  );
  assertEquals(more, []);
  assertEquals(polygon!.holes.length, 1);
  assertEquals(signedArea(polygon!.holes[0]!), -3);
});

Deno.test("traceOutline() refuses what is no object", () => {
  assertThrows(
    () => traceOutline(instanceOf(["..", ".."])),
    RangeError,
    "Cannot trace object 1: found an empty mask, expected a pixel that is 1",
  );
  assertThrows(
    () => traceOutline({ ...instanceOf(["##"]), height: 2 }),
    RangeError,
    "Cannot trace object 1: found a mask of 2, expected 4 values",
  );
});
