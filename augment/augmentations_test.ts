import { assertEquals, assertThrows } from "@std/assert";
import {
  type Augmentation,
  augmentations,
  reportAugmentations,
  transformOptionsOf,
} from "./augmentations.ts";
import { resolveTransformOptions } from "./resolve_transform_options.ts";

Deno.test("transformOptionsOf() of the report's changes is what transform() does by default", () => {
  assertEquals(
    resolveTransformOptions(transformOptionsOf(reportAugmentations)),
    resolveTransformOptions(),
  );
});

Deno.test("every change is switched on by exactly one name", () => {
  const probabilities = (names: readonly Augmentation[]) =>
    Object.entries(resolveTransformOptions(transformOptionsOf(names, 2)))
      .flatMap(([name, value]) =>
        typeof value === "object" && value.probability > 0 ? [name] : []
      );
  const each = augmentations.flatMap((name) => probabilities([name]));
  assertEquals(each.length, new Set(each).size);
  assertEquals(each.sort(), probabilities(augmentations).sort());
  assertEquals(probabilities([]), []);
  const all = Object.entries(resolveTransformOptions())
    .filter(([, value]) => typeof value === "object").length;
  assertEquals(each.length, all);
});

Deno.test("the strength of a change is how often it is applied", () => {
  const { gamma, erasing } = transformOptionsOf(["gamma"], 0.5);
  assertEquals(gamma, { probability: 0.25 });
  assertEquals(erasing, { probability: 0 });
});

Deno.test("transformOptionsOf() refuses other names and strengths", () => {
  assertThrows(
    () => transformOptionsOf(["spin" as Augmentation]),
    RangeError,
    'Cannot augment by change "spin": found no such change, expected one of paste, flips, ',
  );
  for (const strength of [-0.1, 2.1, NaN]) {
    assertThrows(() => transformOptionsOf([], strength), RangeError, "0 to 2");
  }
});
