import { assertEquals, assertThrows } from "@std/assert";
import { cropImage } from "./crop_image.ts";

const data = Uint16Array.from({ length: 18 }, (_, at) => at * 1000);
const image = { width: 3, height: 2, channels: 3, depth: 16, data } as const;

Deno.test("cropImage() copies a window of all channels", () => {
  const cut = cropImage(image, { x: 1, y: 1, width: 2, height: 1 });
  assertEquals(cut, {
    width: 2,
    height: 1,
    channels: 3,
    depth: 16,
    data: data.slice(12),
  });
  cut.data[0] = 7;
  assertEquals(image.data[12], 12000);
});

Deno.test("cropImage() refuses windows that are empty, broken or reach out", () => {
  for (
    const [x, y, width, height] of [
      ...[[0, 0, 0, 1], [0, 0, 4, 1], [2, 1, 1, 2], [-1, 0, 1, 1]],
      ...[[0.5, 0, 1, 1], [NaN, 0, 1, 1], [0, 0, 1, Infinity]],
    ] as [number, number, number, number][]
  ) {
    assertThrows(
      () => cropImage(image, { x, y, width, height }),
      RangeError,
      "Cannot read window: found ",
    );
  }
});
