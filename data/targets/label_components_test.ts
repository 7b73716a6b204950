import { assertEquals, assertThrows } from "@std/assert";
import reference from "../fixtures/intensities.json" with { type: "json" };
import { labelComponents } from "./label_components.ts";

Deno.test("labelComponents() numbers components as scikit-image does", () => {
  const { mask, labels, width, height } = reference.components;
  assertEquals([...labelComponents(mask, width, height).data], labels);
});

Deno.test("labelComponents() fills a large object without a deep stack", () => {
  const { data } = labelComponents(new Uint8Array(600 * 600).fill(1), 600, 600);
  assertEquals(data.every((value) => value === 1), true);
});

Deno.test("labelComponents() does not join objects over the image's edge", () => {
  assertEquals([...labelComponents([0, 0, 1, 1, 0, 0], 3, 2).data], [
    ...[0, 0, 1],
    ...[2, 0, 0],
  ]);
});

Deno.test("labelComponents() refuses a mask of another size", () => {
  assertThrows(
    () => labelComponents([1, 0], 3, 1),
    RangeError,
    "Cannot label components: found 2 values, expected 3 for 3×1",
  );
});
