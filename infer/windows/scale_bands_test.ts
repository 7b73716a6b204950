import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Band } from "./band.ts";
import { scaleBands } from "./scale_bands.ts";

async function* cut(
  values: Float32Array,
  width: number,
  heights: readonly number[],
): AsyncGenerator<Band> {
  let y = 0;
  const rows = values.length / width;
  for (let at = 0; y < rows; at++) {
    const height = Math.min(heights[at % heights.length]!, rows - y);
    const object = values.slice(y * width, (y + height) * width);
    // Two values per pixel, of which the second is no probability.
    const pair = Float32Array.from(
      { length: 2 * object.length },
      (_, at) =>
        at % 2 === 0 ? 1 - object[at / 2]! : -5 * object[(at - 1) / 2]!,
    );
    yield { y, width, height, planes: { object, pair } };
    y += height;
  }
}

async function scaled(
  values: Float32Array,
  from: { width: number; height: number },
  to: { width: number; height: number },
  heights: readonly number[] = [1e9],
): Promise<Float32Array> {
  const result = new Float32Array(to.width * to.height);
  let y = 0;
  for await (
    const band of scaleBands(cut(values, from.width, heights), from, to)
  ) {
    assertEquals([band.y, band.width], [y, to.width]);
    const { object, pair } = band.planes;
    result.set(object!, y * to.width);
    assertEquals(pair!.length, 2 * object!.length);
    object!.forEach((value, at) => {
      assertAlmostEquals(pair![2 * at]!, 1 - value, 1e-6);
      assertAlmostEquals(pair![2 * at + 1]!, -5 * value, 1e-5);
    });
    y += band.height;
  }
  assertEquals(y, to.height);
  return result;
}

function noise(count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, at) => Math.abs(Math.sin(at * 7.3)),
  );
}

const side = fc.integer({ min: 1, max: 20 });
const anySize = fc.record({ width: side, height: side });

Deno.test("scaleBands() gives the same wherever the bands were cut", async () => {
  await fc.assert(fc.asyncProperty(
    anySize,
    anySize,
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    async (from, to, heights) => {
      const values = noise(from.width * from.height);
      assertEquals(
        await scaled(values, from, to, heights),
        await scaled(values, from, to),
      );
    },
  ));
});

Deno.test("scaleBands() keeps what is flat, and the mean when it shrinks by a whole number", async () => {
  await fc.assert(fc.asyncProperty(anySize, anySize, async (from, to) => {
    const flat = new Float32Array(from.width * from.height).fill(0.7);
    for (const value of await scaled(flat, from, to)) {
      assertAlmostEquals(value, 0.7, 1e-6);
    }
  }));
  const from = { width: 12, height: 8 }, values = noise(96);
  const small = await scaled(values, from, { width: 4, height: 2 });
  const mean = (of: Float32Array) => of.reduce((a, b) => a + b, 0) / of.length;
  assertAlmostEquals(mean(small), mean(values), 1e-6);
  // The mean of 3 × 4 pixels.
  let sum = 0;
  for (let y = 4; y < 8; y++) {
    for (let x = 6; x < 9; x++) sum += values[y * 12 + x]!;
  }
  assertAlmostEquals(small[4 + 2]!, sum / 12, 1e-6);
});

Deno.test("scaleBands() grows as PyTorch's bilinear interpolation", async () => {
  // torch.nn.functional.interpolate(torch.tensor([[[[0., 1.], [.5, .25]]]]),
  //   size=(3, 5), mode="bilinear", align_corners=False), torch 2.15
  const expected = [
    0,
    0.1,
    0.5,
    0.9,
    1,
    0.25,
    0.2875,
    0.4375,
    0.5875,
    0.625,
    0.5,
    0.475,
    0.375,
    0.275,
    0.25,
  ];
  const size = { width: 2, height: 2 };
  const grown = await scaled(new Float32Array([0, 1, 0.5, 0.25]), size, {
    width: 5,
    height: 3,
  });
  grown.forEach((value, at) => assertAlmostEquals(value, expected[at]!, 1e-6));
});
