/**
 * The colors of labels. Runs in a browser.
 *
 * @module
 */
/** The golden section: its multiples keep apart on a circle. */
const golden = 0.6180339887498949;

const lightnesses = [0.42, 0.57, 0.73] as const;

/**
 * The color of a label: always the same, bright enough for dark images and
 * strong enough for bright ones. Labels that follow one another, as those of
 * neighbors in a row, have hues that a person distinguishes. Of all others, some
 * share a hue; a hash picks one of three lightnesses for them, so that
 * neighbors in a column do not look alike.
 *
 * @param label The label, from 1.
 * @returns Red, green and blue, 0…255.
 *
 * @example
 * ```ts
 * import { labelColor } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(labelColor(1), labelColor(1));
 * assertEquals(labelColor(1).length, 3);
 * ```
 */
export function labelColor(
  label: number,
): [red: number, green: number, blue: number] {
  const hue = label * golden % 1 * 6;
  const lightness = lightnesses[hash(label) % 3]!;
  const chroma = 0.9 * (1 - Math.abs(2 * lightness - 1));
  const channel = (offset: number) => {
    const distance = Math.abs((hue + offset) % 6 - 3);
    const share = Math.min(1, Math.max(0, distance - 1));
    return Math.round(255 * (lightness + chroma * (share - 0.5)));
  };
  return [channel(0), channel(4), channel(2)];
}

/** Mixes the bits of a number (the end of MurmurHash3). */
function hash(value: number): number {
  let mixed = Math.imul(value ^ value >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return (mixed ^ mixed >>> 16) >>> 0;
}
