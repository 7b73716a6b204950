import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { applyTone, drawTone } from "./_tone.ts";
import { noiseSample, nothing } from "./fixtures/noise_sample.ts";
import { resolveTransformOptions } from "./resolve_transform_options.ts";

const neutral = { gamma: 1, contrast: 1, brightness: 0 };
const depths = [8, 16, 32] as const;

/** A copy of an image with every color from a list of values. */
function paint(depth: 8 | 16 | 32, values: number[], channels: 1 | 4 = 1) {
  const { image } = noiseSample(values.length / channels, 1, channels, depth);
  image.data.set(values);
  return image;
}

Deno.test("applyTone() changes nothing at gamma 1, contrast 1 and brightness 0", () => {
  for (const depth of depths) {
    const { image } = noiseSample(9, 7, 3, depth);
    const before = image.data.slice();
    applyTone(image, neutral);
    before.forEach((value, i) =>
      assertAlmostEquals(image.data[i]!, value, 1e-6)
    );
  }
});

Deno.test("applyTone() bends the values between the image's own lowest and highest by gamma", () => {
  for (const depth of depths) {
    const image = paint(depth, [100, 150, 175, 200]);
    applyTone(image, { ...neutral, gamma: 2 });
    // (0, 0.5, 0.75, 1)² of 100…200, where integers round.
    const exact = [100, 125, 156.25, 200];
    assertEquals([...image.data], depth === 32 ? exact : exact.map(Math.round));
  }
});

Deno.test("applyTone() stretches about the mean by contrast", () => {
  const image = paint(16, [1000, 2000, 3000, 6000]);
  applyTone(image, { ...neutral, contrast: 0.5 });
  assertEquals([...image.data], [2000, 2500, 3000, 4500]);
  applyTone(image, { ...neutral, contrast: 0 });
  assertEquals([...image.data], [3000, 3000, 3000, 3000]);
});

Deno.test("applyTone() adds a fraction of the range by brightness and stops at the scale's ends", () => {
  const image = paint(8, [0, 100, 200, 250]);
  applyTone(image, { ...neutral, brightness: 0.2 });
  assertEquals([...image.data], [50, 150, 250, 255]);
  applyTone(image, { ...neutral, brightness: -0.4 });
  assertEquals([...image.data], [0, 68, 168, 173]);
});

Deno.test("applyTone() leaves alpha and flat images as they are", () => {
  const image = paint(8, [10, 20, 30, 255, 40, 50, 60, 128], 4);
  applyTone(image, { ...neutral, brightness: 0.1 });
  assertEquals([...image.data], [15, 25, 35, 255, 45, 55, 65, 128]);
  const flat = paint(8, [7, 7, 7]);
  applyTone(flat, { gamma: 2, contrast: 2, brightness: 0.2 });
  assertEquals([...flat.data], [7, 7, 7]);
});

Deno.test("drawTone() draws nothing by default and each within its range when asked", () => {
  const random = createRandom(2);
  assertEquals(drawTone(random, resolveTransformOptions()), undefined);
  const settings = resolveTransformOptions({
    ...nothing,
    gamma: { probability: 1, range: [0.5, 0.6] },
    brightness: { probability: 0.5, range: [0.1, 0.2] },
  });
  let brighter = 0;
  for (let i = 0; i < 400; i++) {
    const tone = drawTone(random, settings);
    assert(tone && tone.gamma >= 0.5 && tone.gamma < 0.6);
    assertEquals(tone.contrast, 1);
    if (tone.brightness === 0) continue;
    brighter++;
    assert(tone.brightness >= 0.1 && tone.brightness < 0.2);
  }
  assert(brighter > 150 && brighter < 250);
});
