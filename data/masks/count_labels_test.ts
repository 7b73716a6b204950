import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { unlabeled } from "../targets/class_target.ts";
import { countLabels } from "./count_labels.ts";

const number = fc.oneof(fc.nat(4), fc.constant(unlabeled));

Deno.test("countLabels() counts instances, and shares of the labeled pixels", () => {
  fc.assert(fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
    const labels = {
      ...{ width: numbers.length, height: 1 },
      data: Uint32Array.from(numbers),
    };
    const labeled = numbers.filter((one) => one !== unlabeled);
    const objects = labeled.filter((one) => one > 0);
    const counts = countLabels(labels, undefined);
    assertEquals(counts.nuclei, new Set(objects).size);
    assertAlmostEquals(counts.labeled, labeled.length / numbers.length);
    assertAlmostEquals(
      counts.foreground * labeled.length,
      objects.length,
      1e-9,
    );
    assertEquals(counts.classPixels, undefined);
    const { nuclei, classPixels } = countLabels(labels, 5);
    assertEquals(nuclei, 0);
    assertEquals(
      classPixels,
      [0, 1, 2, 3, 4].map((own) => labeled.filter((one) => one === own).length),
    );
  }));
});
