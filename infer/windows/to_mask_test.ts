import { assertEquals, assertThrows } from "@std/assert";
import { toMask } from "./to_mask.ts";

const segmentation = {
  width: 5,
  height: 1,
  planes: { object: new Float32Array([0, 0.3, 0.5, 0.9, 1]) },
};

Deno.test("toMask() is 255 above the threshold and 0 at it and below", () => {
  const mask = (threshold?: number) => [
    ...toMask(segmentation, threshold).data,
  ];
  assertEquals(mask(), [0, 0, 0, 255, 255]);
  assertEquals(mask(0), [0, 255, 255, 255, 255]);
  assertEquals(mask(1), [0, 0, 0, 0, 0]);
});

Deno.test("toMask() has the size of the image, one channel of 8 bits", () => {
  const { data: _, ...rest } = toMask(segmentation);
  assertEquals(rest, { width: 5, height: 1, channels: 1, depth: 8 });
});

Deno.test("toMask() refuses a threshold that is no probability", () => {
  for (const threshold of [-0.1, 1.1, NaN]) {
    assertThrows(
      () => toMask(segmentation, threshold),
      RangeError,
      `Cannot make mask: found threshold ${threshold}, expected a number in 0…1`,
    );
  }
});
