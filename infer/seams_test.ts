import { assert } from "@std/assert";
import { type Image, synthesize } from "@unet/data";
import type { Predict } from "./predict.ts";
import { segmentImage } from "./segment_image.ts";
import { toMask } from "./to_mask.ts";
import type { WindowOptions } from "./window_plan.ts";

/**
 * A network that sees without end, less the further: exponential smoothing
 * over some 8 pixels, beyond which it sees zeros, as with zero padding. What is
 * brighter than its surroundings is object.
 */
const farsighted: Predict = (x, [count, height, width]) => {
  const decay = 0.88;
  const result = new Float32Array(count * height * width);
  const smooth = (plane: Float32Array, step: number, length: number) => {
    for (let start = 0; start < plane.length / length; start++) {
      const first = step === 1 ? start * width : start;
      for (const direction of [1, -1]) {
        let value = 0;
        for (let at = 0; at < length; at++) {
          const place = first +
            step * (direction === 1 ? at : length - 1 - at);
          value = decay * value + (1 - decay) * plane[place]!;
          plane[place] = value;
        }
      }
    }
  };
  for (let n = 0; n < count; n++) {
    const size = height * width, from = n * size;
    const gray = Float32Array.from(
      { length: size },
      (_, at) => x[(from + at) * 3 + 1]!,
    );
    const around = gray.slice();
    smooth(around, 1, width);
    smooth(around, width, height);
    for (let at = 0; at < size; at++) {
      result[from + at] = 1 /
        (1 + Math.exp(-40 * (gray[at]! - around[at]! - 0.05)));
    }
  }
  return Promise.resolve(result);
};

const [sample] = synthesize({ count: 1, width: 900, height: 700, seed: 3 });
const truth = sample!.labels.data;

async function maskBy(image: Image, options: WindowOptions) {
  return toMask(await segmentImage(image, farsighted, options)).data;
}

function f1Of(mask: ArrayLike<number>): number {
  let both = 0, all = 0;
  for (let at = 0; at < truth.length; at++) {
    const found = mask[at]! > 0, real = truth[at]! > 0;
    if (found && real) both++;
    all += Number(found) + Number(real);
  }
  return 2 * both / all;
}

Deno.test("segmentImage() has no seams that matter: cut otherwise, less than 0.5 % of the pixels change, and F1 by less than 0.005", async () => {
  const { image } = sample!;
  const whole = await maskBy(image, { tile: 1000, margin: 64, multiple: 32 });
  const best = f1Of(whole);
  assert(best > 0.6, `${best}`);
  const cuts: WindowOptions[] = [
    { tile: 256, margin: 32, multiple: 32 },
    { tile: 288, margin: 32, multiple: 32 },
    { tile: 192, margin: 64, multiple: 32 },
    { tile: 256, margin: 32, multiple: 32, overlap: 0.5 },
    { tile: 224, margin: 32, multiple: 32, overlap: 0.25, blend: "linear" },
  ];
  for (const options of cuts) {
    const mask = await maskBy(image, options);
    const changed = mask.filter((value, at) => value !== whole[at]).length;
    const told = JSON.stringify(options);
    assert(changed < 0.005 * mask.length, `${changed} pixels, ${told}`);
    assert(Math.abs(f1Of(mask) - best) < 0.005, told);
  }
  // What the report's way changes, for comparison.
  const reflected = await maskBy(image, { context: "reflect" });
  const changed = reflected.filter((value, at) => value !== whole[at]).length;
  assert(changed > 0.005 * whole.length, `${changed}`);
});
