import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Image, rescaled } from "@unet/data";
import { imageReaderOf } from "../windows/image_reader_of.ts";
import { measureDiameter } from "./measure_diameter.ts";
import { red } from "../fixtures/red.ts";

const learned = { low: 8, median: 20, high: 40 };

/** Takes bright pixels for objects. */
function discs(diameter: number, side = 600): Image {
  const pitch = 1.5 * diameter, data = new Uint8Array(side * side).fill(5);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      const far = Math.hypot(x % pitch - pitch / 2, y % pitch - pitch / 2);
      if (far < diameter / 2) data[at] = 250;
    }
  }
  return { width: side, height: side, channels: 1, depth: 8, data };
}

async function measured(image: Image, predict = red) {
  const reader = imageReaderOf(image);
  const { width, height } = image;
  let pixels = 0;
  const { diameter } = await measureDiameter(
    {
      ...{ width, height },
      at: (scale) => Promise.resolve(rescaled(reader, scale)),
    },
    (x, shape) => {
      pixels += x.length / 3;
      return predict(x, shape);
    },
    {
      ...{ learned, range: { low: 0, high: 255 } },
      window: { tile: 96, margin: 16, multiple: 16 },
    },
  );
  return { diameter, pixels };
}

Deno.test("measureDiameter() finds the diameter of small and large objects", async () => {
  for (const size of [6, 14, 30, 75, 130]) {
    const { diameter } = await measured(discs(size));
    assert(Math.abs(diameter! / size - 1) < 0.15, `${size}: ${diameter}`);
  }
});

Deno.test("measureDiameter() looks at no more than four parts of 256×256 pixels of an image, and sixteen at each scale of a large one", async () => {
  for (const [side, most] of [[1000, 4], [5000, 64]] as const) {
    const { pixels } = await measured(discs(75, side));
    assert(pixels > 0 && pixels <= most * 256 ** 2, `${pixels}`);
  }
});

Deno.test("measureDiameter() looks once where it is sure that nothing need be rescaled, at the whole of a small image, and twice at an empty one", async () => {
  const at = async (image: Image) => (await measured(image)).pixels;
  assertEquals(await at(discs(20, 600)), 256 ** 2);
  // One window, and its margin.
  assertEquals(await at(discs(14, 80)), 112 ** 2);
  const empty = (side: number): Image => ({
    ...discs(20, side),
    data: new Uint8Array(side ** 2),
  });
  assertEquals(await at(empty(600)), 2 * 256 ** 2);
  assertEquals(await at(empty(80)), 112 ** 2 + 48 ** 2);
});

Deno.test("measureDiameter() finds nothing in an empty image, and in noise", async () => {
  // A linear congruential generator's upper bits.
  let state = 1;
  const data = Uint8Array.from(
    { length: 300 * 300 },
    () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24,
  );
  const noise = { ...discs(20, 300), data };
  assertEquals((await measured(noise)).diameter, null);
  const empty = { ...noise, data: new Uint8Array(300 * 300) };
  assertEquals((await measured(empty)).diameter, null);
  const pixel = { ...empty, width: 1, height: 1, data: new Uint8Array(1) };
  assertEquals((await measured(pixel)).diameter, null);
});

Deno.test("measureDiameter() ends with the signal's reason", async () => {
  const image = discs(20, 100), reader = imageReaderOf(image);
  await assertRejects(
    () =>
      measureDiameter({ ...image, at: () => Promise.resolve(reader) }, red, {
        ...{ learned, range: { low: 0, high: 255 } },
        signal: AbortSignal.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
});
