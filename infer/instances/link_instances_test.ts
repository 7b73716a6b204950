import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { instancesOf } from "./fixtures/instances_of.ts";
import fixture from "./fixtures/links.json" with { type: "json" };
import type { Instance } from "./instance.ts";
import { linkInstances } from "./link_instances.ts";
import { StackNumbers } from "./stack_numbers.ts";

const width = 150, height = 90;

/** Rectangles on a plane, the later over the earlier; some span squares. */
const planes: fc.Arbitrary<Instance[]> = fc.array(
  fc.record({
    x: fc.nat({ max: width - 1 }),
    y: fc.nat({ max: height - 1 }),
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 12 },
).map((boxes) => {
  const labels = new Uint32Array(width * height);
  for (const [index, box] of boxes.entries()) {
    for (let y = box.y; y < Math.min(height, box.y + box.height); y++) {
      const row = y * width, end = Math.min(width, box.x + box.width);
      labels.fill(index + 1, row + box.x, row + end);
    }
  }
  return instancesOf(labels, width);
});

const thresholds = fc.double({ min: 0.01, max: 1, noNaN: true });

/** Intersection over union, pixel by pixel. */
function iouOf(one: Instance, other: Instance): number {
  const pixelsOf = ({ x, y, width, mask }: Instance) =>
    new Set(
      Array.from(mask.keys()).filter((at) => mask[at]).map((at) =>
        `${x + at % width},${y + Math.floor(at / width)}`
      ),
    );
  const a = pixelsOf(one), b = pixelsOf(other);
  return a.intersection(b).size / a.union(b).size;
}

for (const [index, { threshold, ...each }] of fixture.cases.entries()) {
  Deno.test(`linkInstances() links what Cellpose does: stack ${index}, threshold ${threshold}`, () => {
    const numbers = new StackNumbers(threshold);
    const linked = each.planes.map((text, plane) => {
      const rows = text.split(" "), { length } = rows[0]!;
      const instances = instancesOf([...rows.join("")].map(Number), length);
      return numbers.plane(rows.length, { axis: "plane", plane })
        .add({ instances, rows: rows.length }).instances
        .map(({ label }) => label);
    });
    assertEquals(linked, each.numbers);
  });
}

Deno.test("linkInstances() continues each object once at most, and only above the threshold", () => {
  fc.assert(
    fc.property(planes, planes, thresholds, (before, now, threshold) => {
      const links = linkInstances(before, now, threshold);
      assertEquals(links.length, now.length);
      const used = links.filter((link) => link !== undefined);
      assertEquals(new Set(used).size, used.length);
      for (const [at, link] of links.entries()) {
        if (link === undefined) continue;
        assert(iouOf(before[link]!, now[at]!) >= threshold);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("linkInstances() links objects that are each other's closest", () => {
  fc.assert(
    fc.property(planes, planes, (before, now) => {
      const links = linkInstances(before, now, 0.05);
      const overlaps = now.map((one) =>
        before.map((other) => iouOf(other, one))
      );
      for (const [at, row] of overlaps.entries()) {
        const best = Math.max(0, ...row), place = row.indexOf(best);
        const column = overlaps.map((row) => row[place]!);
        const isMutual = best >= 0.05 &&
          row.filter((iou) => iou === best).length === 1 &&
          column.filter((iou) => iou >= best).length === 1;
        if (isMutual) assertEquals(links[at], place);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("linkInstances() with threshold 1 links identical objects alone", () => {
  fc.assert(
    fc.property(planes, planes, (before, now) => {
      const keyOf = ({ x, y, width, mask }: Instance) =>
        `${x},${y},${width},${mask}`;
      assertEquals(
        linkInstances(before, now, 1),
        now.map((one) => {
          const at = before.findIndex((other) => keyOf(other) === keyOf(one));
          return at < 0 ? undefined : at;
        }),
      );
    }),
    { numRuns: 40 },
  );
  fc.assert(
    fc.property(planes, (plane) => {
      assertEquals(linkInstances(plane, plane, 1), [...plane.keys()]);
    }),
    { numRuns: 20 },
  );
});

Deno.test("linkInstances() of equal overlaps takes the first", () => {
  const whole = instancesOf([1, 1, 1, 1], 4),
    halves = instancesOf([1, 1, 2, 2], 4);
  assertEquals(linkInstances(whole, halves, 0.25), [0, undefined]);
  assertEquals(linkInstances(halves, whole, 0.25), [0]);
});

Deno.test("linkInstances() refuses a threshold that links everything or nothing", () => {
  for (const threshold of [0, -1, 1.01, NaN]) {
    assertThrows(
      () => linkInstances([], [], threshold),
      RangeError,
      `Cannot link instances: found a threshold of ${threshold}, expected a number above 0 and up to 1`,
    );
  }
});
