import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { activityOf, chooseParts } from "./choose_parts.ts";

const size = { width: 60, height: 40 };
const gray = (data: Uint8Array) =>
  activityOf({ ...size, channels: 1, depth: 8, data });

Deno.test("chooseParts() takes what has many edges before one bright speck", () => {
  const data = Uint8Array.from({ length: 60 * 40 }, (_, at) => {
    const x = at % 60, y = Math.floor(at / 60);
    return x >= 40 && y >= 20 ? 40 * ((x + y) % 3) : 5;
  });
  data.fill(255, 120, 122);
  const [part] = chooseParts(gray(data), { width: 600, height: 400 }, {
    ...{ width: 200, height: 200, count: 1 },
  });
  assert(part!.x >= 390 && part!.y >= 190, JSON.stringify(part));
});

Deno.test("chooseParts() gives parts inside the image that do not overlap, the same ones each time", () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 300 }),
    count: fc.integer({ min: 1, max: 6 }),
  });
  const pixels = fc.uint8Array({ minLength: 2400, maxLength: 2400 });
  fc.assert(
    fc.property(sizes, pixels, (wanted, data) => {
      const image = { width: 300, height: 300 };
      const parts = chooseParts(gray(data), image, wanted);
      assert(parts.length >= 1 && parts.length <= wanted.count);
      for (const { x, y, width, height } of parts) {
        assertEquals([width, height], [wanted.width, wanted.height]);
        assert(x >= 0 && y >= 0 && x + width <= 300 && y + height <= 300);
      }
      assertEquals(chooseParts(gray(data), image, wanted), parts);
    }),
    { numRuns: 30 },
  );
});

Deno.test("chooseParts() takes a part of an image without any edge, and of floats that are no numbers", () => {
  const wanted = { width: 10, height: 10, count: 1 };
  assertEquals(chooseParts(gray(new Uint8Array(2400)), size, wanted).length, 1);
  const data = new Float32Array(2400).fill(NaN);
  const floats = { ...size, channels: 1, depth: 32, data } as const;
  assertEquals(chooseParts(activityOf(floats), size, wanted).length, 1);
});

Deno.test("activityOf() counts whole numbers to where it would sort others", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3000 }), {
    minLength: 2400,
    maxLength: 2400,
  });
  fc.assert(
    fc.property(steps, (values) => {
      const of = (factor: number) =>
        activityOf({
          ...{ ...size, channels: 1, depth: 32 },
          data: Float32Array.from(values, (value) => factor * value),
        });
      // Halves are no whole numbers, and exact.
      const { sums } = of(0.5);
      assertEquals(of(1).sums, sums.map((sum) => 2 * sum));
    }),
    { numRuns: 10 },
  );
});
