import { assertEquals, assertRejects } from "@std/assert";
import { joinBands } from "./join_bands.ts";

const heads = [
  { name: "object", channels: 1, activation: "sigmoid" },
  { name: "kind", channels: 2, activation: "softmax" },
] as const;
const size = { width: 2, height: 3 };

function band(y: number, height: number) {
  const object = new Float32Array(2 * height).fill(y);
  const kind = Float32Array.from(
    { length: 4 * height },
    (_, at) => 10 * y + at,
  );
  return { y, height, width: 2, planes: { object, kind } };
}

Deno.test("joinBands() puts the rows of all heads in their places", async () => {
  const joined = await joinBands([band(0, 1), band(1, 2)], size, heads);
  assertEquals(joined, {
    ...size,
    planes: {
      object: new Float32Array([0, 0, 1, 1, 1, 1]),
      kind: new Float32Array([0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17]),
    },
  });
});

Deno.test("joinBands() refuses bands that lack a head", async () => {
  const { planes: { object }, ...rest } = band(0, 3);
  await assertRejects(
    () => joinBands([{ ...rest, planes: { object } }], size, heads),
    RangeError,
    'Cannot use head "kind"',
  );
});
