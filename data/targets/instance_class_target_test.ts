import { assertEquals, assertThrows } from "@std/assert";
import { unlabeled } from "./class_target.ts";
import { instanceClassTarget } from "./instance_class_target.ts";

const labels = {
  ...{ width: 5, height: 1 },
  data: Uint32Array.of(0, 1, 2, 3, unlabeled),
};

Deno.test("instanceClassTarget() gives each pixel the class of its instance, and none where it is not known", () => {
  const source = { objectClasses: [2, 1, -1] };
  assertEquals(
    [...instanceClassTarget(labels, { classes: 3 }, source)],
    [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  );
});

Deno.test("instanceClassTarget() refuses instances without a class, and classes that there are not", () => {
  for (const objectClasses of [[1], [1, 2, 3]]) {
    assertThrows(
      () => instanceClassTarget(labels, { classes: 3 }, { objectClasses }),
      RangeError,
      "Cannot make ground truth of classes: found instance",
    );
  }
});
