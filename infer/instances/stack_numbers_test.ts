import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Field, fields } from "./fixtures/fields.ts";
import { instancesOf } from "./fixtures/instances_of.ts";
import type { Instance } from "./instance.ts";
import { InstanceFinder } from "./instance_finder.ts";
import { labelsOf } from "./labels_of.ts";
import { StackNumbers } from "./stack_numbers.ts";

/** Numbers the objects of a stack whose planes come in bands of some rows. */
function numbered(
  stack: readonly Field[],
  { link, rows }: { link: number | undefined; rows: number },
): { planes: Instance[][]; objects: number } {
  const numbers = new StackNumbers(link);
  const planes = stack.map(({ width, height, planes: { object } }, plane) => {
    const finder = new InstanceFinder(width, height, { minimalArea: 1 });
    const given = numbers.plane(height, { axis: "plane", plane });
    const instances: Instance[] = [];
    for (let y = 0; y < height; y += rows) {
      const end = Math.min(height, y + rows);
      const part = object.slice(y * width, end * width);
      const band = { y, width, height: end - y, planes: { object: part } };
      instances.push(...given.add(finder.add(band)).instances);
    }
    return instances;
  });
  return { planes, objects: numbers.objects };
}

const links = fc.constantFrom(undefined, 0.1, 0.25, 0.9);
const stacks = fc.array(fields, { minLength: 1, maxLength: 4 })
  // Planes of one size.
  .map((stack) =>
    stack.map((plane) => ({ ...stack[0]!, ...sized(plane, stack[0]!) }))
  );

/** A plane's values in the size of another. */
function sized({ planes: { object } }: Field, { width, height }: Field) {
  const values = new Float32Array(width * height);
  values.set(object.subarray(0, values.length));
  return { planes: { object: values } };
}

Deno.test("StackNumbers gives the same numbers however the rows come", () => {
  fc.assert(
    fc.property(
      stacks,
      links,
      fc.integer({ min: 1, max: 20 }),
      (stack, link, rows) => {
        const whole = numbered(stack, { link, rows: 1e9 });
        assertEquals(numbered(stack, { link, rows }), whole);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("StackNumbers keeps the objects of each plane, and its numbers are unique and without gaps", () => {
  fc.assert(
    fc.property(stacks, links, (stack, link) => {
      const { planes, objects } = numbered(stack, { link, rows: 7 });
      const all = planes.flat().map(({ label }) => label);
      assertEquals(
        [...new Set(all)].sort((a, b) => a - b),
        Array.from({ length: objects }, (_, at) => at + 1),
      );
      if (link === undefined) assertEquals(all.length, objects);
      for (
        const [index, { width, height, planes: { object } }] of stack.entries()
      ) {
        const finder = new InstanceFinder(width, height, { minimalArea: 1 });
        const alone = finder.add({ y: 0, width, height, planes: { object } });
        const found = labelsOf(planes[index]!, width, height).data;
        const pairs = new Set(
          labelsOf(alone.instances, width, height).data
            .values().map((label, at) => `${label} ${found[at]}`),
        );
        // One number a label, and one label a number.
        assertEquals(pairs.size, new Set(found).size);
        assertEquals(planes[index]!.length, alone.instances.length);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("StackNumbers of equal planes are constant", () => {
  fc.assert(
    fc.property(fields, fc.constantFrom(0.25, 1), (plane, link) => {
      const { planes, objects } = numbered([plane, plane, plane], {
        ...{ link, rows: 5 },
      });
      const labelsOf = (instances: readonly Instance[] | undefined) =>
        instances!.map(({ label }) => label);
      assertEquals(labelsOf(planes[1]), labelsOf(planes[0]));
      assertEquals(labelsOf(planes[2]), labelsOf(planes[0]));
      assertEquals(objects, planes[0]!.length);
    }),
    { numRuns: 40 },
  );
});

Deno.test("StackNumbers gives no number again after planes without objects", () => {
  const one = instancesOf([1, 1, 0, 2], 4), numbers = new StackNumbers(0.25);
  const labels = [one, [], one, one].map((instances, time) =>
    numbers.plane(1, { axis: "time", time }).add({ instances, rows: 1 })
      .instances.map(({ label, place }) => [label, place?.time])
  );
  assertEquals(labels, [[[1, 0], [2, 0]], [], [[3, 2], [4, 2]], [[3, 3], [
    4,
    3,
  ]]]);
  assert(numbers.objects === 4);
});
