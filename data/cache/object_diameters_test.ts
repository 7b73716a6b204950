import { assertAlmostEquals, assertEquals } from "@std/assert";
import { medianDiameter, withDiameters } from "./object_diameters.ts";
import { cacheSamples } from "./cache.ts";
import { unlabeled } from "../targets/class_target.ts";
import type { Sample } from "../types.ts";

const labelsOf = (numbers: readonly number[]) => ({
  width: numbers.length,
  height: 1,
  data: Uint32Array.from(numbers),
});
const diameter = (area: number) => 2 * Math.sqrt(area / Math.PI);

Deno.test("medianDiameter() is that of a circle of the middle object's area", () => {
  const three = labelsOf([5, 5, 5, 5, 0, 9, 9, 0, 7, 0]);
  assertAlmostEquals(medianDiameter(three)!, diameter(2));
  const two = labelsOf([5, 5, 5, 5, 9, 9]);
  assertAlmostEquals(medianDiameter(two)!, diameter(3));
});

Deno.test("medianDiameter() counts all pieces of an object, and nothing that is not labeled", () => {
  const labels = labelsOf([3, 0, 3, unlabeled, unlabeled, unlabeled, 3, 3]);
  assertAlmostEquals(medianDiameter(labels)!, diameter(4));
});

Deno.test("medianDiameter() is undefined when there is no object", () => {
  assertEquals(medianDiameter(labelsOf([0, 0])), undefined);
  assertEquals(medianDiameter(labelsOf([0, unlabeled])), undefined);
});

Deno.test("withDiameters() measures each case that has objects, whatever its numbers", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const sample = (id: string, numbers: readonly number[]): Sample => ({
      id,
      image: {
        ...{ width: numbers.length, height: 1, channels: 1, depth: 8 },
        data: new Uint8Array(numbers.length),
      },
      labels: labelsOf(numbers),
    });
    const cases = withDiameters(
      await cacheSamples([
        sample("bytes", [1, 1, 1, 0]),
        sample("words", [300, 300, 0]),
        sample("long", [70000, 0]),
        sample("empty", [0, 0]),
      ], { folder }),
    );
    assertEquals(
      cases.map(({ diameter }) => diameter),
      [diameter(3), diameter(2), diameter(1), undefined],
    );
    assertEquals("diameter" in cases[3]!, false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
