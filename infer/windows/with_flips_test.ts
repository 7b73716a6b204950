import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { twoHeads } from "../fixtures/two_heads.ts";
import type { Predict } from "./predict.ts";
import { withFlips } from "./with_flips.ts";

/** Says of each pixel something that depends on where it lies in the window. */
const crooked: Predict = (x, [count, height, width]) =>
  Promise.resolve(Float32Array.from(
    { length: count * height * width },
    (_, at) => {
      const column = at % width, row = Math.floor(at / width) % height;
      const left = column > 0 ? x[(at - 1) * 3]! : 0;
      return (x[at * 3]! + left * row / height + column / width) / 3;
    },
  ));

function random(count: number, seed: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, at) => Math.abs(Math.sin(at * 12.9898 + seed) * 43758.5453) % 1,
  );
}

function mirroredX(x: Float32Array, width: number, size: number): Float32Array {
  return x.map((_, at) => {
    const pixel = Math.floor(at / size), column = pixel % width;
    return x[(pixel - column + width - 1 - column) * size + at % size]!;
  });
}

function transposed(
  x: Float32Array,
  height: number,
  width: number,
  size: number,
): Float32Array {
  return x.map((_, at) => {
    const pixel = Math.floor(at / size);
    const column = pixel % height, row = Math.floor(pixel / height);
    return x[(column * width + row) * size + at % size]!;
  });
}

function close(a: Float32Array, b: Float32Array): void {
  assertEquals(a.length, b.length);
  a.forEach((value, at) => assert(Math.abs(value - b[at]!) < 1e-6));
}

Deno.test("withFlips() says the same of a mirrored window, mirrored", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom<4 | 8>(4, 8),
    fc.integer(),
    async (height, width, views, seed) => {
      const x = random(2 * height * width * 3, seed % 1000);
      const flips = withFlips(crooked, views);
      const plain = await flips(x, [2, height, width]);
      const mirrored = await flips(mirroredX(x, width, 3), [2, height, width]);
      close(mirrored, mirroredX(plain, width, 1));
    },
  ));
});

Deno.test("withFlips() of eight views says the same of a transposed window, transposed", async () => {
  const x = random(5 * 3 * 3, 4), flips = withFlips(crooked, 8);
  const plain = await flips(x, [1, 5, 3]);
  const turned = await flips(transposed(x, 5, 3, 3), [1, 3, 5]);
  close(turned, transposed(plain, 5, 3, 1));
});

Deno.test("withFlips() of a network that looks at each pixel alone changes nothing, with two values a pixel too", async () => {
  const two: Predict = Object.assign(
    (x: Float32Array) => Promise.resolve(x.filter((_, at) => at % 3 !== 2)),
    { heads: twoHeads },
  );
  const x = random(2 * 4 * 5 * 3, 1);
  const flips = withFlips(two, 8);
  assertEquals(flips.heads, twoHeads);
  close(await flips(x, [2, 4, 5]), x.filter((_, at) => at % 3 !== 2));
});

Deno.test("withFlips() is done with the windows when the call returns, where the network is", async () => {
  const predict: Predict = Object.assign(
    async (x: Float32Array) => {
      const own = x.slice();
      await Promise.resolve();
      return own.filter((_, at) => at % 3 === 0);
    },
    { ahead: 1 },
  );
  const flipped = withFlips(predict, 4), x = new Float32Array(12).fill(0.5);
  assertEquals(flipped.ahead, 1);
  const said = flipped(x, [1, 2, 2]);
  x.fill(1);
  assertEquals(await said, new Float32Array(4).fill(0.5));
});

Deno.test("withFlips() refuses any other number of views", () => {
  assertThrows(
    () => withFlips(crooked, 2 as 4),
    RangeError,
    "Cannot flip windows: found 2 views, expected 4 or 8",
  );
});
