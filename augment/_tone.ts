import type { Image } from "@unet/data";
import type { Random } from "@unet/random";
import { happens } from "./_happens.ts";
import { fullScale } from "./_pixels.ts";
import {
  type ChannelSpan,
  colorSpans,
  valueStatistics,
} from "./_value_statistics.ts";
import type { TransformSettings } from "./settings.ts";

/** A change of the values: gamma, then contrast, then brightness. */
export interface Tone {
  readonly gamma: number;
  readonly contrast: number;
  readonly brightness: number;
}

/** Draws the change of tone of one image; nothing when none happens. */
export function drawTone(
  random: Random,
  settings: Pick<TransformSettings, "gamma" | "contrast" | "brightness">,
): Tone | undefined {
  const draw = (name: keyof Tone) =>
    happens(random, settings[name])
      ? random.uniform(...settings[name].range)
      : undefined;
  const gamma = draw("gamma");
  const contrast = draw("contrast");
  const brightness = draw("brightness");
  if ((gamma ?? contrast ?? brightness) === undefined) return undefined;
  return {
    gamma: gamma ?? 1,
    contrast: contrast ?? 1,
    brightness: brightness ?? 0,
  };
}

/**
 * Changes the colors in place, all channels by one curve, so that hues stay;
 * separate channels by a curve of their own each. A curve lies between the
 * image's own lowest and highest value, because a 16-bit or float image seldom
 * fills its scale.
 */
export function applyTone(image: Image, tone: Tone): void {
  for (const span of colorSpans(image)) applyCurve(image, tone, span);
}

function applyCurve(image: Image, tone: Tone, span: ChannelSpan): void {
  const { low, high, mean } = valueStatistics(image, span);
  const range = high - low;
  if (range === 0) return;
  const curve = (value: number) =>
    mean + tone.brightness * range +
    tone.contrast *
      (low + range * ((value - low) / range) ** tone.gamma - mean);
  if (image.depth === 32) {
    eachColor(image, span, curve);
    return;
  }
  const table = Float64Array.from({ length: range + 1 }, (_, step) => {
    const value = Math.round(curve(low + step));
    return Math.max(0, Math.min(fullScale(image), value));
  });
  eachColor(image, span, (value) => table[value - low]!);
}

function eachColor(
  { data, channels }: Image,
  { first, count }: ChannelSpan,
  curve: (value: number) => number,
): void {
  for (let pixel = first; pixel < data.length; pixel += channels) {
    for (let i = pixel; i < pixel + count; i++) data[i] = curve(data[i]!);
  }
}
