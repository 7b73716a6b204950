import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Image } from "@unet/data";
import { createRandom } from "@unet/random";
import { noiseSample } from "../fixtures/noise_sample.ts";
import fixtures from "../fixtures/appearances.json" with { type: "json" };
import { addNoise } from "./add_noise.ts";
import { blur } from "./blur.ts";
import { compressAsJpeg } from "./compress_as_jpeg.ts";
import { equalizeLocally } from "./equalize_locally.ts";
import { jitterStains } from "./jitter_stains.ts";
import { lightUnevenly } from "./light_unevenly.ts";
import { invert, removeColor, shuffleColors } from "./mix_channels.ts";
import { shiftHue } from "./shift_hue.ts";

/** An image of 8 bits, or of floats, with some values. */
function paint(
  values: readonly number[],
  { width = 1, channels = 3, depth = 8 as 8 | 32 } = {},
): Image {
  const height = values.length / channels / width;
  const data = depth === 8
    ? Uint8Array.from(values)
    : Float32Array.from(values);
  return { width, height, channels, depth, data };
}

function largestDifference(image: Image, wanted: readonly number[]): number {
  assertEquals(image.data.length, wanted.length);
  return wanted.reduce(
    (most, value, i) => Math.max(most, Math.abs(image.data[i]! - value)),
    0,
  );
}

Deno.test("jitterStains() is what scikit-image makes of jittered stains", () => {
  const { image, jittered, factors, shifts } = fixtures.hed;
  const jitter = {
    factors: factors as [number, number, number],
    shifts: shifts as [number, number, number],
  };
  const floats = paint(image, { depth: 32 });
  jitterStains(floats, jitter);
  assert(largestDifference(floats, jittered) < 2e-6);
  const bytes = paint(image.map((value) => Math.round(value * 255)));
  jitterStains(bytes, jitter);
  const wanted = jittered.map((value) => value * 255);
  assert(largestDifference(bytes, wanted) < 1.6);
});

Deno.test("jitterStains() leaves black, gray images and what is not jittered as they are", () => {
  const strong = { factors: [3, 0.2, 2], shifts: [0.3, -0.3, 0.2] } as const;
  const none = { factors: [1, 1, 1], shifts: [0, 0, 0] } as const;
  const sample = noiseSample(9, 7);
  const before = sample.image.data.slice();
  jitterStains(sample.image, none);
  assertEquals(sample.image.data, before);
  const gray = paint([7, 7, 7, 200, 200, 200]);
  jitterStains(gray, strong);
  assertEquals([...gray.data], [7, 7, 7, 200, 200, 200]);
  const dark = paint([0, 0, 0, 200, 20, 90]);
  jitterStains(dark, strong);
  assertEquals([...dark.data.slice(0, 3)], [0, 0, 0]);
});

Deno.test("shiftHue() is what Python's colorsys makes of hue and saturation", () => {
  for (const { image, ...shift } of fixtures.hue.shifts) {
    const bytes = paint(fixtures.hue.image);
    shiftHue(bytes, shift);
    const wanted = image.map((value) => value * 255);
    assert(largestDifference(bytes, wanted) < 0.501);
  }
});

Deno.test("shiftHue() comes back by the opposite hue, and by a whole turn", () => {
  const { image } = noiseSample(12, 9, 4, 32);
  const before = image.data.slice();
  shiftHue(image, { degrees: 73, saturation: 1 });
  shiftHue(image, { degrees: -73, saturation: 1 });
  shiftHue(image, { degrees: 360, saturation: 1 });
  assert(largestDifference(image, [...before]) < 1e-5);
});

Deno.test("removeColor() gives Pillow's luminance to all three", () => {
  const bytes = paint(fixtures.gray.image);
  removeColor(bytes);
  const wanted = fixtures.gray.luminance.flatMap((
    value,
  ) => [value, value, value]);
  assert(largestDifference(bytes, wanted) <= 1);
});

Deno.test("shuffleColors() makes every order but the own, for all pixels alike", () => {
  const found = new Set<string>();
  for (let stream = 0; stream < 60; stream++) {
    const image = paint([1, 2, 3, 255, 11, 12, 13, 0], { channels: 4 });
    shuffleColors(image, createRandom(4, stream));
    const [a, b, c] = image.data;
    assertEquals([...image.data], [a, b, c, 255, a! + 10, b! + 10, c! + 10, 0]);
    found.add(`${a}${b}${c}`);
  }
  assertEquals([...found].sort(), ["132", "213", "231", "312", "321"]);
});

Deno.test("invert() stays between the image's own ends, and twice is the original", () => {
  const colors = [20, 30, 90, 255, 40, 35, 25, 128];
  const image = paint(colors, { channels: 4 });
  invert(image);
  assertEquals([...image.data], [90, 80, 20, 255, 70, 75, 85, 128]);
  invert(image);
  assertEquals([...image.data], colors);
  // Each separate channel has two values here, which change places.
  const separate: Image = { ...image, isSeparate: true };
  invert(separate);
  assertEquals([...separate.data], [40, 35, 25, 128, 20, 30, 90, 255]);
});

Deno.test("compressAsJpeg() loses what libjpeg loses", () => {
  const { color, gray, qualities } = fixtures.jpeg;
  const mean = (values: number[]) =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  for (const { quality, ...theirs } of qualities) {
    for (
      const [before, wanted, channels] of [
        [color, theirs.color, 3],
        [gray, theirs.gray, 1],
      ] as const
    ) {
      const image = paint(before, { width: 40, channels });
      compressAsJpeg(image, quality);
      const between = (values: ArrayLike<number>) =>
        mean(wanted.map((value, i) => Math.abs(value - values[i]!)));
      // libjpeg's transform is of integers: a coefficient beside the edge of a
      // step falls to the other side now and then.
      assert(between(image.data) < 0.2 * between(before));
    }
  }
});

Deno.test("compressAsJpeg() loses more at a lower quality, at any size and depth", () => {
  for (const depth of [8, 16, 32] as const) {
    const losses = [95, 60, 20].map((quality) => {
      const { image } = noiseSample(37, 21, 3, depth);
      const before = image.data.slice();
      compressAsJpeg(image, quality);
      return Array.from(before).reduce(
        (sum, value, i) => sum + Math.abs(image.data[i]! - value),
        0,
      );
    });
    assert(
      losses[0]! > 0 && losses[0]! < losses[1]! && losses[1]! < losses[2]!,
    );
  }
});

Deno.test("equalizeLocally() is OpenCV's CLAHE", () => {
  const { image, limits } = fixtures.clahe;
  for (const { limit, image: wanted } of limits) {
    const ours = paint(image, { width: 64, channels: 1 });
    equalizeLocally(ours, limit);
    assert(largestDifference(ours, wanted) <= 1);
    const stored = paint(image.flatMap((value) => [value, value, value]), {
      width: 64,
    });
    equalizeLocally(stored, limit);
    assert(
      largestDifference(
        stored,
        wanted.flatMap((value) => [value, value, value]),
      ) <= 1,
    );
  }
});

Deno.test("blur() is SciPy's Gaussian filter, also wider than the image", () => {
  const { image, sigmas } = fixtures.blur;
  for (const { sigma, image: wanted } of sigmas) {
    const bytes = paint(image, { width: 17, channels: 1 });
    blur(bytes, sigma);
    assert(largestDifference(bytes, wanted) < 0.501);
  }
});

Deno.test("addNoise() has the standard deviation that is asked for, about no mean", () => {
  const side = 200;
  const statistics = (
    noise: { sigma: number; photons: number },
    level: number,
  ) => {
    const data = new Float32Array(side * side).fill(level);
    data[0] = 0;
    data[1] = 1;
    const image: Image = {
      width: side,
      height: side,
      channels: 1,
      depth: 32,
      data,
    };
    addNoise(image, noise, createRandom(6));
    const rest = data.slice(2);
    const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
    const square = rest.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(square / rest.length) };
  };
  const constant = statistics({ sigma: 0.05, photons: Infinity }, 0.5);
  assertAlmostEquals(constant.mean, 0.5, 0.001);
  assertAlmostEquals(constant.deviation, 0.05, 0.001);
  for (const level of [0.25, 0.5]) {
    // Poisson: as many photons' square root.
    const counted = statistics({ sigma: 0, photons: 100 }, level);
    assertAlmostEquals(counted.mean, level, 0.001);
    assertAlmostEquals(counted.deviation, Math.sqrt(level * 100) / 100, 0.001);
  }
});

Deno.test("addNoise() differs between channels, but keeps gray images gray", () => {
  const { image } = noiseSample(20, 20);
  const gray = paint(
    [...noiseSample(20, 20, 1).image.data].flatMap((
      value,
    ) => [value, value, value]),
  );
  addNoise(gray, { sigma: 0.1, photons: 50 }, createRandom(1));
  for (let i = 0; i < gray.data.length; i += 3) {
    assertEquals(gray.data[i], gray.data[i + 1]);
    assertEquals(gray.data[i], gray.data[i + 2]);
  }
  const before = image.data.slice();
  addNoise(image, { sigma: 0.1, photons: Infinity }, createRandom(1));
  const change = (channel: number) =>
    image.data[3 * 7 + channel]! - before[3 * 7 + channel]!;
  assert(new Set([change(0), change(1), change(2)]).size > 1);
});

Deno.test("lightUnevenly() lights the brightest place as much brighter as asked for", () => {
  for (const ratio of [1, 1.5, 4]) {
    const data = new Float32Array(30 * 20 * 3).map((_, i) =>
      [0.9, 0.6, 0.3][i % 3]!
    );
    const image: Image = {
      width: 30,
      height: 20,
      channels: 3,
      depth: 32,
      data,
    };
    lightUnevenly(image, ratio, createRandom(9));
    const reds = data.filter((_, i) => i % 3 === 0);
    assertAlmostEquals(Math.max(...reds), 0.9, 1e-6);
    assertAlmostEquals(Math.max(...reds) / Math.min(...reds), ratio, 1e-5);
    for (let i = 0; i < data.length; i += 3) {
      assertAlmostEquals(data[i]! / data[i + 2]!, 3, 1e-5);
    }
  }
});
