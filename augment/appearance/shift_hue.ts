import type { Image } from "@unet/data";
import { hasColor, holderOf } from "../_pixels.ts";

/** A change of colors in the hexcone model (HSV). */
export interface HueShift {
  /** Added to the hue. */
  readonly degrees: number;
  /** On the saturation, which stays at most 1. */
  readonly saturation: number;
}

/**
 * Turns hues and changes saturations, in place; each pixel keeps its largest
 * color value (Smith, "Color gamut transform pairs", SIGGRAPH 1978). Gray
 * pixels stay, and so do separate channels.
 */
export function shiftHue(image: Image, { degrees, saturation }: HueShift) {
  if (!hasColor(image)) return;
  const { data, channels } = image;
  const hold = holderOf(image);
  for (let i = 0; i < data.length; i += channels) {
    const red = data[i]!, green = data[i + 1]!, blue = data[i + 2]!;
    const value = Math.max(red, green, blue);
    const chroma = value - Math.min(red, green, blue);
    if (!(chroma > 0 && value > 0)) continue;
    const sector = value === red
      ? (green - blue) / chroma
      : value === green
      ? 2 + (blue - red) / chroma
      : 4 + (red - green) / chroma;
    const hue = sector + degrees / 60;
    const spread = Math.min(value, chroma * saturation);
    for (let color = 0; color < 3; color++) {
      data[i + color] = hold(value - spread * lack(hue - 2 * color));
    }
  }
}

/** How far a color is below the largest, 0…1, by its hue's distance in sextants. */
function lack(sextants: number): number {
  const turn = sextants - 6 * Math.floor(sextants / 6);
  return Math.max(0, Math.min(1, Math.min(turn, 6 - turn) - 1));
}
