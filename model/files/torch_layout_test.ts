import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { fromTorchLayout, toTorchLayout } from "./torch_layout.ts";

const kernels = fc.tuple(
  ...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 5 })),
).map((shape) => ({
  shape,
  values: Float32Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    (_, i) => i,
  ),
}));

Deno.test("toTorchLayout() puts [h, w, in, out] at [out, in, h, w]", () => {
  const [height, width, inputs, outputs] = [3, 2, 4, 5] as const;
  const values = Float32Array.from(
    { length: height * width * inputs * outputs },
    (_, i) => i,
  );
  const moved = toTorchLayout({
    shape: [height, width, inputs, outputs],
    values,
  });
  assertEquals(moved.shape, [outputs, inputs, height, width]);
  for (let h = 0; h < height; h++) {
    for (let w = 0; w < width; w++) {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          assertEquals(
            moved.values[((o * inputs + i) * height + h) * width + w],
            values[((h * width + w) * inputs + i) * outputs + o],
          );
        }
      }
    }
  }
});

Deno.test("fromTorchLayout() undoes toTorchLayout(), and the other way round", () => {
  fc.assert(fc.property(kernels, (kernel) => {
    assertEquals(fromTorchLayout(toTorchLayout(kernel)), kernel);
    assertEquals(toTorchLayout(fromTorchLayout(kernel)), kernel);
  }));
});

Deno.test("toTorchLayout() leaves vectors and the given kernel as they are", () => {
  const vector = { shape: [3], values: new Float32Array([1, 2, 3]) };
  assertStrictEquals(toTorchLayout(vector).values, vector.values);
  assertStrictEquals(fromTorchLayout(vector).values, vector.values);
  const kernel = {
    shape: [1, 2, 1, 2],
    values: new Float32Array([1, 2, 3, 4]),
  };
  assertEquals([...toTorchLayout(kernel).values], [1, 3, 2, 4]);
  assertEquals([...kernel.values], [1, 2, 3, 4]);
});
