import { assert } from "@std/assert";
import type { Image } from "@unet/data";
import type { Predict } from "./predict.ts";
import { segmentImage } from "./segment_image.ts";
import { toMask } from "./to_mask.ts";
import type { WindowOptions } from "./window_plan.ts";

/**
 * A network that sees without end, less the further: exponential smoothing
 * over some 12 pixels, beyond which it sees zeros, as with zero padding. What is
 * brighter than its surroundings is object.
 */
const farsighted: Predict = (x, [count, height, width]) => {
  const decay = 0.92;
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
        (1 + Math.exp(-40 * (gray[at]! - around[at]! - 0.12)));
    }
  }
  return Promise.resolve(result);
};

const width = 900, height = 700;

/** Discs in a grid that is not the windows'. */
const truth = Uint8Array.from({ length: width * height }, (_, at) => {
  const x = at % width % 37 - 18, y = Math.floor(at / width) % 41 - 20;
  return Math.hypot(x, y) < 6 ? 1 : 0;
});

/** The discs on a background that gets brighter to the right. */
const image: Image = {
  width,
  height,
  channels: 1,
  depth: 8,
  data: truth.map((inside, at) =>
    Math.round(25 + 50 * (at % width) / width + 75 * inside)
  ),
};

async function maskBy(options: WindowOptions) {
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
  const whole = await maskBy({ tile: 1000, margin: 64, multiple: 32 });
  const best = f1Of(whole);
  assert(best > 0.9, `${best}`);
  const cuts: WindowOptions[] = [
    { tile: 256, margin: 32, multiple: 32 },
    { tile: 288, margin: 32, multiple: 32 },
    { tile: 192, margin: 64, multiple: 32 },
    { tile: 256, margin: 32, multiple: 32, overlap: 0.5 },
    { tile: 224, margin: 32, multiple: 32, overlap: 0.25, blend: "linear" },
  ];
  for (const options of cuts) {
    const mask = await maskBy(options);
    const changed = mask.filter((value, at) => value !== whole[at]).length;
    const cut = JSON.stringify(options);
    assert(changed < 0.005 * mask.length, `${changed} pixels, ${cut}`);
    assert(Math.abs(f1Of(mask) - best) < 0.005, cut);
  }
  // Without context there are seams to see.
  const bare = await maskBy({ tile: 256, margin: 0 });
  const changed = bare.filter((value, at) => value !== whole[at]).length;
  assert(changed > 0.005 * whole.length, `${changed}`);
});
