import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Image, Labels } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { changeObjectContrast } from "./change_object_contrast.ts";

const size = 64;

/** Disks of a brightness on a ground, as floats. */
function draw(
  disks: readonly { x: number; y: number; radius: number; value: number }[],
  ground: (x: number, y: number) => number = () => 0.1,
  { channels = 1, depth = 32 as 8 | 32 } = {},
): { image: Image; labels: Labels } {
  const length = size * size * channels;
  const data = depth === 8 ? new Uint8Array(length) : new Float32Array(length);
  const labels = new Uint32Array(size * size);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const x = pixel % size, y = Math.floor(pixel / size);
    let value = ground(x, y);
    for (const [at, disk] of disks.entries()) {
      if (Math.hypot(x - disk.x, y - disk.y) > disk.radius) continue;
      labels[pixel] = at + 1;
      value = disk.value;
    }
    data.fill(value, pixel * channels, (pixel + 1) * channels);
  }
  return {
    image: { width: size, height: size, channels, depth, data },
    labels: { width: size, height: size, data: labels },
  };
}

const bright = { x: 16, y: 16, radius: 8, value: 0.9 };
const dark = { x: 46, y: 44, radius: 9, value: 0.02 };
const centerOf = ({ x, y }: { x: number; y: number }) => y * size + x;

Deno.test("changeObjectContrast() fades objects toward the background around them, bright and dark", () => {
  const { image, labels } = draw([bright, dark]);
  changeObjectContrast(image, labels, [0.4, 0.4], createRandom(1));
  assertAlmostEquals(image.data[centerOf(bright)]!, 0.1 + 0.4 * 0.8, 1e-6);
  assertAlmostEquals(image.data[centerOf(dark)]!, 0.1 - 0.4 * 0.08, 1e-6);
  assertAlmostEquals(image.data[0]!, 0.1, 1e-6);
});

Deno.test("changeObjectContrast() gives each object a factor of its own within the range", () => {
  const disks = [10, 32, 54].flatMap((x) =>
    [10, 32, 54].map((y) => ({ x, y, radius: 6, value: 1.1 }))
  );
  const { image, labels } = draw(disks);
  changeObjectContrast(image, labels, [0.25, 1], createRandom(2));
  const factors = disks.map((disk) => image.data[centerOf(disk)]! - 0.1);
  assertEquals(new Set(factors).size, disks.length);
  for (const factor of factors) assert(factor >= 0.249 && factor <= 1.001);
  assert(Math.max(...factors) > 2 * Math.min(...factors));
  // The same over all of an object.
  const first = [...labels.data].flatMap((own, pixel) =>
    own === 1 ? [image.data[pixel]!] : []
  );
  assertAlmostEquals(Math.min(...first), Math.max(...first), 0.01);
});

Deno.test("changeObjectContrast() leaves no ring around a faded object with a halo", () => {
  const { image, labels } = draw([bright]);
  // Light that falls off over three pixels beyond the edge.
  for (let pixel = 0; pixel < labels.data.length; pixel++) {
    const x = pixel % size - bright.x, y = Math.floor(pixel / size) - bright.y;
    const beyond = Math.hypot(x, y) - bright.radius;
    if (beyond > 0) image.data[pixel] = 0.1 + 0.4 * Math.exp(-beyond);
  }
  changeObjectContrast(image, labels, [0.3, 0.3], createRandom(0));
  const center = centerOf(bright);
  for (let step = 1; step < 30; step++) {
    const [inner, outer] = [center + step - 1, center + step];
    assert(image.data[outer]! <= image.data[inner]! + 0.002, `${step}`);
  }
});

Deno.test("changeObjectContrast() takes the background of the place when light is uneven", () => {
  const ground = (x: number) => 0.1 + 0.6 * x / size;
  const { image, labels } = draw([bright], ground);
  changeObjectContrast(image, labels, [0.01, 0.01], createRandom(0));
  assertAlmostEquals(image.data[centerOf(bright)]!, ground(bright.x), 0.08);
});

Deno.test("changeObjectContrast() keeps the image when the factor is 1, when nothing is object and when nothing is background", () => {
  const { image, labels } = draw([bright, dark]);
  const before = image.data.slice();
  changeObjectContrast(image, labels, [1, 1], createRandom(0));
  assertEquals(image.data, before);
  const empty = { ...labels, data: new Uint32Array(size * size) };
  changeObjectContrast(image, empty, [0.25, 0.5], createRandom(0));
  assertEquals(image.data, before);
  const full = { ...labels, data: new Uint32Array(size * size).fill(3) };
  changeObjectContrast(image, full, [0.25, 0.5], createRandom(0));
  assertEquals(image.data, before);
});

Deno.test("changeObjectContrast() keeps what is not labeled, and does not measure it", () => {
  const { image, labels } = draw([bright]);
  for (let pixel = 32 * size; pixel < size * size; pixel++) {
    labels.data[pixel] = unlabeled;
    image.data[pixel] = 50;
  }
  changeObjectContrast(image, labels, [0.5, 0.5], createRandom(0));
  assert(image.data.slice(32 * size).every((value) => value === 50));
  assertAlmostEquals(image.data[centerOf(bright)]!, 0.5, 1e-6);
});

Deno.test("changeObjectContrast() keeps hues, and alpha", () => {
  const { image, labels } = draw([bright], () => 0.1, { channels: 4 });
  for (let at = 0; at < image.data.length; at += 4) {
    image.data[at]! *= 0.5;
    image.data[at + 3] = 0.7;
  }
  changeObjectContrast(image, labels, [0.4, 0.4], createRandom(0));
  for (let at = 0; at < image.data.length; at += 4) {
    assertAlmostEquals(image.data[at]!, image.data[at + 1]! / 2, 1e-6);
    assertEquals(image.data[at + 3], Math.fround(0.7));
  }
  // A color's factor is the square root.
  const expected = 0.1 + Math.sqrt(0.4) * 0.8;
  assertAlmostEquals(image.data[4 * centerOf(bright) + 1]!, expected, 1e-6);
});

Deno.test("changeObjectContrast() stays within 8 bits, and between object and background when it fades", () => {
  const values = fc.integer({ min: 0, max: 255 });
  const radii = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(
      values,
      values,
      radii,
      fc.integer(),
      (value, level, radius, seed) => {
        const disk = { x: 30, y: 30, radius, value };
        const { image, labels } = draw([disk], () => level, { depth: 8 });
        changeObjectContrast(image, labels, [0.25, 1], createRandom(seed));
        const [low, high] = [Math.min(value, level), Math.max(value, level)];
        assert(image.data.every((own) => own >= low && own <= high));
        changeObjectContrast(image, labels, [4, 4], createRandom(seed));
      },
    ),
    { numRuns: 30 },
  );
});
