import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { type Image, toRgb8 } from "@unet/data";
import { ModelError } from "@unet/errors";
import fc from "fast-check";
import { twoHeads } from "../fixtures/two_heads.ts";
import type { Predict } from "./predict.ts";
import type { SegmentImageOptions } from "./segment_bands.ts";
import { segmentImage } from "./segment_image.ts";
import type { Context } from "./window_plan.ts";
import { red } from "../fixtures/red.ts";

const contexts: Context[] = ["neighbors", "reflect"];

/** The image of fixtures/tile_windows.py; bright enough to be seen as it is. */
function pattern(width: number, height: number): Image {
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        data[at++] = (31 * x + 17 * y + 5 * x * y + 89 * c) % 256;
      }
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

function redOf(image: Image): Float32Array {
  return Float32Array.from(
    { length: image.width * image.height },
    (_, index) => image.data[index * 3]! / 255,
  );
}

/** A mean over 3×3 pixels, which sees one pixel far. */
const blur: Predict = async (x, shape) => {
  const [count, height, width] = shape;
  const values = await red(x, shape), result = values.slice();
  for (let n = 0; n < count; n++) {
    for (let row = 1; row < height - 1; row++) {
      for (let column = 1; column < width - 1; column++) {
        const at = (n * height + row) * width + column;
        let sum = 0;
        for (const dy of [-width, 0, width]) {
          sum += values[at + dy - 1]! + values[at + dy]! + values[at + dy + 1]!;
        }
        result[at] = sum / 9;
      }
    }
  }
  return result;
};

Deno.test("segmentImage() puts every pixel back in its place, in both contexts and any size", async () => {
  const sizes = [
    [1, 1],
    [1, 200],
    [129, 1],
    [127, 2],
    [128, 128],
    [129, 127],
    [300, 517],
    [257, 256],
    [320, 64],
  ] as const;
  for (const [width, height] of sizes) {
    const image = pattern(width, height);
    for (const context of contexts) {
      const { planes: { object }, ...size } = await segmentImage(image, red, {
        context,
      });
      assertEquals(size, { width, height });
      assert(
        redOf(image).every((value, index) => object![index] === value),
        `${width}×${height} ${context}`,
      );
    }
  }
});

Deno.test("segmentImage() shows the network the windows that numpy.pad cuts", async () => {
  const cases: {
    context: Context;
    width: number;
    height: number;
    tile: number;
    margin: number;
    sha256: string[];
    red?: number[][][];
  }[] = JSON.parse(
    await Deno.readTextFile(
      new URL("../fixtures/tile_windows.json", import.meta.url),
    ),
  );
  for (const { sha256, red: expected, ...options } of cases) {
    const windows: Uint8Array<ArrayBuffer>[] = [];
    const { width, height } = options;
    await segmentImage(pattern(width, height), (x, shape) => {
      windows.push(Uint8Array.from(x, (value) => Math.round(value * 255)));
      return red(x, shape);
    }, { ...options, batchSize: 1 });
    const side = options.tile + 2 * options.margin;
    if (expected) {
      const seen = windows.map((window) =>
        Array.from({ length: side }, (_, row) =>
          Array.from(
            { length: side },
            (_, column) => window[(row * side + column) * 3]!,
          ))
      );
      assertEquals(seen, expected);
    }
    const hashes = await Promise.all(
      windows.map(async (window) =>
        new Uint8Array(await crypto.subtle.digest("SHA-256", window)).toHex()
      ),
    );
    assertEquals(hashes, sha256, JSON.stringify(options));
  }
});

Deno.test("segmentImage() with neighbors does not depend on where tiles lie", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      async (width, height, tile, margin) => {
        const image = pattern(width, height);
        const whole = await segmentImage(image, blur, { tile: 40, margin: 1 });
        const tiled = await segmentImage(image, blur, { tile, margin });
        assertEquals(tiled, whole);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("segmentImage() with reflect sees nothing beyond the tile", async () => {
  const options = { tile: 16, margin: 8, context: "reflect" } as const;
  const image = pattern(32, 16);
  const left = { ...pattern(16, 16), data: new Uint8Array(16 * 16 * 3) };
  for (let y = 0; y < 16; y++) {
    left.data.set(image.data.subarray(y * 96, y * 96 + 48), y * 48);
  }
  const both = await segmentImage(image, blur, options);
  const alone = await segmentImage(left, blur, options);
  for (let y = 0; y < 16; y++) {
    assertEquals(
      both.planes.object!.slice(y * 32, y * 32 + 16),
      alone.planes.object!.slice(y * 16, y * 16 + 16),
    );
  }
  const neighbors = await segmentImage(image, blur, {
    ...options,
    context: "neighbors",
  });
  assertNotEquals(neighbors.planes, both.planes);
});

Deno.test("segmentImage() holds one batch of windows, and gives the same for any batch size", async () => {
  const image = pattern(70, 50);
  const options: SegmentImageOptions = { tile: 16, margin: 8 };
  const once = await segmentImage(image, blur, { ...options, batchSize: 100 });
  const shapes: number[][] = [], buffers = new Set<ArrayBufferLike>();
  const progress: number[][] = [];
  const result = await segmentImage(image, (x, shape) => {
    shapes.push([...shape]);
    buffers.add(x.buffer);
    assertEquals(x.length, shape[0] * shape[1] * shape[2] * 3);
    return blur(x, shape);
  }, {
    ...options,
    batchSize: 3,
    onProgress: (...numbers) => progress.push(numbers),
  });
  assertEquals(result, once);
  // Windows of one row alone are seen at once: five here.
  assertEquals(
    shapes,
    Array.from({ length: 4 }, () => [[3, 32, 32], [2, 32, 32]]).flat(),
  );
  assertEquals(progress.slice(0, 3), [[3, 20], [5, 20], [8, 20]]);
  assertEquals(progress.at(-1), [20, 20]);
  assertEquals([...buffers].map((buffer) => buffer.byteLength), [
    3 * 32 * 32 * 3 * 4,
  ]);
});

Deno.test("segmentImage() shows gray and 16-bit images as toRgb8() makes them", async () => {
  const data = Uint16Array.from({ length: 60 }, (_, index) => 900 + 70 * index);
  const image = { width: 10, height: 6, channels: 1, depth: 16, data } as const;
  const { planes: { object } } = await segmentImage(image, red, {
    tile: 8,
    margin: 4,
  });
  assertEquals(object, redOf(toRgb8(image)));
});

Deno.test("segmentImage() names the tile where the network gives no probability", async () => {
  const image = pattern(40, 20);
  for (const value of [NaN, Infinity, -0.1, 1.5]) {
    let call = 0;
    const broken: Predict = async (x, shape) => {
      const result = await red(x, shape);
      // The third tile starts at column 12 of its window and row 4.
      if (++call === 3) result[4 * 24 + 12] = value;
      return result;
    };
    await assertRejects(
      () => segmentImage(image, broken, { tile: 16, margin: 4, batchSize: 1 }),
      ModelError,
      `Cannot segment tile "8×16 at 32,0": found the probability ${
        Math.fround(value)
      }, expected a number in 0…1`,
    );
  }
});

Deno.test("segmentImage() does not look at what the network says of the margin", async () => {
  const image = pattern(16, 16);
  const { planes: { object } } = await segmentImage(image, async (x, shape) => {
    const result = await red(x, shape);
    result[0] = NaN;
    return result;
  }, { tile: 16, margin: 4 });
  assertEquals(object, redOf(image));
});

Deno.test("segmentImage() refuses another number of values, and a batch of none", async () => {
  const image = pattern(4, 4);
  await assertRejects(
    () => segmentImage(image, (x) => Promise.resolve(x)),
    RangeError,
    "Cannot use prediction: found 307200 values, expected 102400 for 1 windows of 320×320",
  );
  await assertRejects(
    () => segmentImage(image, red, { batchSize: 0 }),
    RangeError,
    "Cannot segment image: found batchSize 0, expected an integer of at least 1",
  );
});

Deno.test("segmentImage() stops between batches when its signal is aborted by a timer", async () => {
  const controller = new AbortController();
  let batches = 0;
  // The network's promises are settled at once, as a network's on the CPU.
  const timer = setTimeout(() => controller.abort(new Error("Ctrl-C")), 1);
  await assertRejects(
    () =>
      segmentImage(pattern(200, 200), (x, shape) => {
        batches++;
        return red(x, shape);
      }, { tile: 2, margin: 1, batchSize: 1, signal: controller.signal }),
    Error,
    "Ctrl-C",
  );
  clearTimeout(timer);
  assert(batches < 10_000);
});

Deno.test("segmentImage() gives the values of both of two heads", async () => {
  const image = {
    width: 3,
    height: 2,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: 18 }, (_, at) => at * 14),
  } as const;
  const red: Predict = (x) =>
    Promise.resolve(x.filter((_, at) => at % 3 === 0));
  const both: Predict = Object.assign(
    (x: Float32Array) => Promise.resolve(x.filter((_, at) => at % 3 < 2)),
    { heads: twoHeads },
  );
  const green: Predict = (x) =>
    Promise.resolve(x.filter((_, at) => at % 3 === 1));
  const [object, border] = await Promise.all(
    [red, green].map(async (predict) =>
      (await segmentImage(image, predict)).planes.object!
    ),
  );
  assertEquals(await segmentImage(image, both), {
    ...{ width: 3, height: 2 },
    planes: { object: object!, border: border! },
  });
});

Deno.test("segmentImage() enlarges or shrinks the image for the network, and brings the result back", async () => {
  const data = Uint8Array.from(
    { length: 40 * 30 },
    (_, at) => 6 * (at % 40) + Math.floor(at / 40) % 2,
  );
  const image = { width: 40, height: 30, channels: 1, depth: 8, data } as const;
  for (const [scale, sides] of [[0.5, [15, 20]], [2, [60, 80]]] as const) {
    const seen: number[][] = [];
    const { width, height, planes } = await segmentImage(
      image,
      (x, shape) => {
        seen.push([shape[1], shape[2]]);
        return red(x, shape);
      },
      { tile: 80, margin: 0, multiple: 1, scale },
    );
    assertEquals(seen, [[...sides]]);
    assertEquals([width, height], [40, 30]);
    const wrong = planes.object!.findIndex((value, at) =>
      Math.abs(value - data[at]! / 255) > 5 / 255
    );
    assertEquals(wrong, -1);
  }
});
