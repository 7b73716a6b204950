import type { Image } from "@unet/data";
import type { Random } from "@unet/random";
import { applyTone, type Tone } from "../_tone.ts";
import type { FlipSettings, Range, TransformSettings } from "../settings.ts";
import { addNoise } from "./add_noise.ts";
import { blur } from "./blur.ts";
import { compressAsJpeg } from "./compress_as_jpeg.ts";
import { equalizeLocally } from "./equalize_locally.ts";
import { drawStainJitter, jitterStains } from "./jitter_stains.ts";
import { lightUnevenly } from "./light_unevenly.ts";
import { invert, removeColor, shuffleColors } from "./mix_channels.ts";
import { shiftHue } from "./shift_hue.ts";

/**
 * Changes values and moves none, in place, in the order in which an image comes
 * about: colors, tone, light, optics, camera, file.
 *
 * @param image The image.
 * @param settings What to do how often and how strongly.
 * @param random The source of every draw; what never happens draws nothing.
 * @param tone Gamma, contrast and brightness as drawn before, if any.
 */
export function changeAppearance(
  image: Image,
  settings: TransformSettings,
  random: Random,
  tone: Tone | undefined,
): void {
  const chosen = (change: FlipSettings) =>
    change.probability > 0 && random.next() < change.probability;
  changeColors(image, settings, { random, chosen });
  if (tone) applyTone(image, tone);
  if (chosen(settings.unevenLight)) {
    lightUnevenly(image, random.uniform(...settings.unevenLight.range), random);
  }
  if (chosen(settings.blur)) {
    blur(image, random.uniform(...settings.blur.range));
  }
  const noise = {
    photons: chosen(settings.shotNoise)
      ? random.uniform(...settings.shotNoise.range)
      : Infinity,
    sigma: chosen(settings.noise) ? random.uniform(...settings.noise.range) : 0,
  };
  if (noise.sigma > 0 || noise.photons < Infinity) {
    addNoise(image, noise, random);
  }
  if (chosen(settings.jpeg)) {
    compressAsJpeg(image, random.integer(...settings.jpeg.range));
  }
}

function changeColors(
  image: Image,
  { hed, hue, gray, channelShuffle, ...settings }: TransformSettings,
  { random, chosen }: {
    readonly random: Random;
    readonly chosen: (change: FlipSettings) => boolean;
  },
): void {
  if (chosen(hed)) jitterStains(image, drawStainJitter(random, hed));
  if (chosen(hue)) {
    shiftHue(image, {
      degrees: random.uniform(...hue.range),
      saturation: random.uniform(...hue.saturation),
    });
  }
  if (chosen(channelShuffle)) shuffleColors(image, random);
  if (chosen(gray)) removeColor(image);
  if (chosen(settings.invert)) invert(image);
  if (chosen(settings.localContrast)) {
    equalizeLocally(image, random.uniform(...settings.localContrast.range));
  }
  if (chosen(settings.strongGamma)) {
    const gamma = drawLogarithmically(random, settings.strongGamma.range);
    applyTone(image, { gamma, contrast: 1, brightness: 0 });
  }
}

/** As often above 1 as below, for a range such as 0.5…2. */
function drawLogarithmically(random: Random, [low, high]: Range): number {
  return Math.exp(random.uniform(Math.log(low), Math.log(high)));
}
