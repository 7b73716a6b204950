import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { toClassMap } from "./to_class_map.ts";

const images = fc.record({
  width: fc.integer({ min: 1, max: 6 }),
  height: fc.integer({ min: 1, max: 6 }),
  channels: fc.integer({ min: 1, max: 9 }),
}).chain(({ width, height, channels }) =>
  fc.record({
    ...{ width: fc.constant(width), height: fc.constant(height) },
    channels: fc.constant(channels),
    // Few values, so that some are equal.
    values: fc.array(fc.constantFrom<number>(0, 0.25, 0.5, 1), {
      minLength: width * height * channels,
      maxLength: width * height * channels,
    }),
  })
);

Deno.test("toClassMap() gives each pixel the first of its most probable classes", () =>
  fc.assert(fc.property(images, ({ width, height, channels, values }) => {
    const planes = { kind: new Float32Array(values) };
    const map = toClassMap({ width, height, planes }, "kind");
    assertEquals([map.width, map.height, map.channels], [width, height, 1]);
    const expected = Array.from({ length: width * height }, (_, pixel) => {
      const own = values.slice(pixel * channels, (pixel + 1) * channels);
      return own.indexOf(Math.max(...own));
    });
    assertEquals([...map.data], expected);
  })));

Deno.test("toClassMap() refuses heads that are not there, and values that 8 bits cannot number", () => {
  const image = { width: 1, height: 1 };
  assertThrows(
    () => toClassMap({ ...image, planes: { object: new Float32Array(1) } }),
    RangeError,
    'Cannot use head "classes": found no head of that name, expected object',
  );
  for (const length of [0, 257]) {
    const planes = { classes: new Float32Array(length) };
    assertThrows(
      () => toClassMap({ ...image, planes }),
      RangeError,
      `Cannot make class map of head "classes": found ${length} values of 1 ` +
        "pixels, expected 1 to 256 per pixel",
    );
  }
  const most = new Float32Array(256).fill(0);
  most[255] = 1;
  const { data } = toClassMap({ ...image, planes: { classes: most } });
  assertEquals([...data], [255]);
});
