import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findInstances } from "./find_instances.ts";
import { fields } from "./fixtures/fields.ts";
import type { Instance } from "./instance.ts";
import { labelsOf } from "./labels_of.ts";

Deno.test("labelsOf() gives each pixel of a mask its label, and 0 to the others", () => {
  fc.assert(fc.property(fields, ({ width, height, planes }) => {
    const found = findInstances({ width, height, planes });
    const { data } = labelsOf(found, width, height);
    const counts = new Map<number, number>();
    for (const label of data) counts.set(label, (counts.get(label) ?? 0) + 1);
    for (const { label, mask } of found) {
      const area = mask.reduce((sum, value) => sum + value, 0);
      assertEquals(counts.get(label), area);
    }
    counts.delete(0);
    assertEquals(counts.size, found.length);
  }));
});

Deno.test("labelsOf() refuses an instance that reaches beyond the image", () => {
  const instance: Instance = {
    label: 3,
    x: 2,
    y: 0,
    width: 2,
    height: 1,
    mask: new Uint8Array([1, 1]),
    probability: 1,
  };
  assertEquals([...labelsOf([instance], 4, 1).data], [0, 0, 3, 3]);
  for (
    const wrong of [
      { ...instance, x: 3 },
      { ...instance, x: -1 },
      { ...instance, y: 1 },
    ]
  ) {
    assertThrows(
      () => labelsOf([wrong], 4, 1),
      RangeError,
      `Cannot draw instance 3: found 2×1 pixels at ${wrong.x},${wrong.y}`,
    );
  }
});
