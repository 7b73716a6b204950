import type { ImageReader } from "./image_reader.ts";
import { windowsOf } from "./image_windows.ts";
import { RangeCounts } from "./percentile_range.ts";
import { FloatCounts, IntegerCounts, rank } from "./percentiles.ts";
import {
  type ColorNormalization,
  darkBelow,
  type IntensityRange,
  rangeShares,
} from "./rgb8.ts";

/**
 * Finds the range of values that `toRgb8()` spreads over 0…255, of an image
 * that is not in memory: exactly what `intensityRange()` gives for the whole.
 *
 * The image is walked through once, floats twice. By the rule `stretch-dark`,
 * no more of 8 bits is read than it takes to know that the image is not dark,
 * so a bright slide costs next to nothing. For a large pyramid of 16 bits or floats, a reader of a
 * lower level gives nearly the same range for a fraction of the time.
 *
 * @param reader The image.
 * @param normalization The rule; `stretch-dark` if not given.
 * @returns The range of all its values but alpha, NaN and infinities.
 * @throws {FileError} If a part of the file is damaged.
 *
 * @example
 * ```ts
 * import { encodePng, intensityRangeOf, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint16Array([100, 500, 900, 4095]);
 * const image = { width: 4, height: 1, channels: 1, depth: 16, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using reader = await openImage(path);
 *   assertEquals(await intensityRangeOf(reader), { low: 100, high: 4095 });
 * }
 * await Deno.remove(path);
 * ```
 */
export async function intensityRangeOf(
  reader: ImageReader,
  normalization: ColorNormalization = "stretch-dark",
): Promise<IntensityRange> {
  const { depth } = reader;
  if (normalization === "color-percentiles") {
    const counts = new RangeCounts(depth);
    do {
      for await (const window of windowsOf(reader)) counts.add(window);
    } while (counts.needsMore());
    return counts.find();
  }
  if (depth === 32) {
    const upper = new FloatCounts();
    for await (const window of windowsOf(reader)) upper.add(window);
    const lower = upper.refine(rangeShares);
    for await (const window of windowsOf(reader)) lower.add(window);
    const [low = 0, high = 0] = lower.find();
    return { low, high };
  }
  const counts = new IntegerCounts(depth);
  const total = reader.width * reader.height * Math.min(3, reader.channels);
  const spare = total - rank(rangeShares[1], total);
  for await (const window of windowsOf(reader)) {
    counts.add(window);
    if (depth === 8 && counts.countFrom(darkBelow) > spare) {
      return { low: 0, high: 255 };
    }
  }
  const [low = 0, high = 0] = counts.find(rangeShares);
  return { low, high };
}
