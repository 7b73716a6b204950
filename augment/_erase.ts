import type { Image, Labels } from "@unet/data";
import type { Random } from "@unet/random";
import { colorChannels } from "./_pixels.ts";
import type { ErasingSettings, Range } from "./settings.ts";

/** A rectangle in pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Draws the rectangles to erase, all inside the image. */
export function drawRegions(
  random: Random,
  { count, area, aspect }: ErasingSettings,
  width: number,
  height: number,
): Region[] {
  return Array.from({ length: random.integer(...count) }, () => {
    const pixels = random.uniform(...area) * width * height;
    // The lowest aspect is as wide as the image, the highest as high.
    const ratio = within(
      Math.exp(random.uniform(Math.log(aspect[0]), Math.log(aspect[1]))),
      [pixels / width ** 2, height ** 2 / pixels],
    );
    const regionHeight = within(Math.round(Math.sqrt(pixels * ratio)), [
      Math.ceil(pixels / width),
      Math.min(height, Math.ceil(pixels)),
    ]);
    const regionWidth = within(Math.round(pixels / regionHeight), [1, width]);
    return {
      left: random.integer(0, width - regionWidth),
      top: random.integer(0, height - regionHeight),
      width: regionWidth,
      height: regionHeight,
    };
  });
}

function within(value: number, [low, high]: Range): number {
  return Math.max(low, Math.min(high, value));
}

/** Paints over the regions, in place; alpha stays as it is. */
export function erase(
  { image, labels }: { readonly image: Image; readonly labels: Labels },
  regions: readonly Region[],
  { fill, labels: erased }: ErasingSettings,
  random: Random,
): void {
  const { width, channels, data } = image;
  const colors = colorChannels(image);
  const paint = fill === "mean"
    ? meanColor(image)
    : new Array<number>(colors).fill(Number(fill));
  const last = labels.data.length - 1;
  for (const region of regions) {
    for (let y = region.top; y < region.top + region.height; y++) {
      const start = y * width + region.left;
      const end = start + region.width;
      if (erased === "clear") labels.data.fill(0, start, end);
      for (let pixel = start; pixel < end; pixel++) {
        const sample = fill === "noise" ? random.integer(0, last) : undefined;
        for (let color = 0; color < colors; color++) {
          data[pixel * channels + color] = sample === undefined
            ? paint[color]!
            : data[sample * channels + color]!;
        }
      }
    }
  }
}

/** The mean of each color channel, rounded where the image holds integers. */
function meanColor(image: Image): number[] {
  const { channels, data } = image;
  const mean = [];
  for (let color = 0; color < colorChannels(image); color++) {
    let sum = 0;
    for (let i = color; i < data.length; i += channels) sum += data[i]!;
    const average = sum / (data.length / channels);
    mean.push(image.depth === 32 ? average : Math.round(average));
  }
  return mean;
}
