import type { ImageReader } from "./image_reader.ts";
import { intensityRangeOf } from "./intensity_range_of.ts";
import { windowsOf } from "./image_windows.ts";
import { RangeCounts } from "./percentile_range.ts";
import type { IntensityRange } from "./rgb8.ts";
import type { Image } from "../types.ts";

/** Glass is bright, and its colors differ by less than this. */
const glassFrom = 180, glassColors = 16;

/** A scanner's padding is darker than this, or white. */
const paddingBelow = 8;

/** The share of an image's pixels from which on glass or tissue is there. */
const leastShare = 0.001;

/**
 * Finds the range by the rule `color-percentiles` of a slide, in a low level
 * of it: of its tissue alone, where it is a bright-field slide. Glass is what
 * is bright and gray; with it go the black or white rectangles that scanners
 * leave out. Else a slide's percentiles would be those of the glass, and its
 * nuclei, less than one of a hundred pixels, would all be black. A slide
 * without glass, as of fluorescence, or without tissue is taken whole.
 *
 * @param reader A level of the slide; it is walked through once.
 * @returns The range.
 * @throws {FileError} If a part of the file is damaged.
 *
 * @example
 * ```ts
 * import { encodePng, openImage, slideRangeOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array(300).fill(240);
 * for (let pixel = 0; pixel < 20; pixel++) data.set([150, 60, 130], 3 * pixel);
 * const image = { width: 10, height: 10, channels: 3, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using reader = await openImage(path);
 *   assertEquals(await slideRangeOf(reader), { low: 60, high: 150 });
 * }
 * await Deno.remove(path);
 * ```
 */
export async function slideRangeOf(
  reader: ImageReader,
): Promise<IntensityRange> {
  const isColor = reader.depth === 8 && reader.channels >= 3 &&
    !reader.isSeparate;
  if (!isColor) return await intensityRangeOf(reader, "color-percentiles");
  const whole = new RangeCounts(8), tissue = new RangeCounts(8);
  let glassPixels = 0, tissuePixels = 0;
  for await (const window of windowsOf(reader)) {
    whole.add(window);
    const { found, glass } = tissueOf(window);
    tissue.add(found);
    glassPixels += glass;
    tissuePixels += found.width;
  }
  const least = leastShare * reader.width * reader.height;
  return glassPixels >= least && tissuePixels >= least
    ? tissue.find()
    : whole.find();
}

/** The pixels of tissue of a window, side by side, and how many are glass. */
function tissueOf(
  { width, height, channels, data }: Image,
): { readonly found: Image; readonly glass: number } {
  const kept = new Uint8Array(width * height * 3);
  let to = 0, glass = 0;
  for (let at = 0; at < data.length; at += channels) {
    const red = data[at]!, green = data[at + 1]!, blue = data[at + 2]!;
    const least = Math.min(red, green, blue);
    const most = Math.max(red, green, blue);
    if (least >= glassFrom && most - least < glassColors) glass++;
    else if (most >= paddingBelow) {
      kept[to++] = red;
      kept[to++] = green;
      kept[to++] = blue;
    }
  }
  return {
    found: {
      ...{ width: to / 3, height: 1, channels: 3, depth: 8 },
      data: kept.subarray(0, to),
    },
    glass,
  };
}
