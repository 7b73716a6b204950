/**
 * The colors of classes. Runs in a browser.
 *
 * @module
 */
/** Red, green and blue, 0…255. */
export type Color = readonly [red: number, green: number, blue: number];

const black: Color = [0, 0, 0];

/**
 * The colors of Okabe and Ito ("Color Universal Design", 2008), which people
 * with any kind of color vision can distinguish; those that are the furthest apart
 * come first, black stands for the background.
 */
const okabeIto: readonly Color[] = [
  [230, 159, 0], // orange
  [86, 180, 233], // sky blue
  [0, 158, 115], // bluish green
  [240, 228, 66], // yellow
  [0, 114, 178], // blue
  [213, 94, 0], // vermilion
  [204, 121, 167], // reddish purple
];

/** Steps toward black and toward white that 255 classes need. */
const steps = 18;

/**
 * The color of a class, by its number: black for the background, then Okabe and
 * Ito's seven colors. From the eighth class on they come again, darker and
 * lighter by turns, so that all colors differ; color alone cannot
 * distinguish more than seven classes.
 *
 * @param number The class's position among the classes, 0…255; 0 is the
 * background.
 * @returns Red, green and blue, 0…255.
 *
 * @example
 * ```ts
 * import { classColor } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(classColor(0), [0, 0, 0]);
 * assertEquals(classColor(1), [230, 159, 0]);
 * ```
 */
export function classColor(number: number): Color {
  if (number === 0) return black;
  const color = okabeIto[(number - 1) % okabeIto.length]!;
  const round = Math.floor((number - 1) / okabeIto.length);
  if (round === 0) return color;
  const shade = round % 2 === 1 ? 0 : 255;
  // Less than two fifths of black or white would not show.
  const share = 0.4 + 0.5 * Math.floor((round - 1) / 2) / steps;
  const mixed = (value: number): number =>
    Math.round(value + share * (shade - value));
  return [mixed(color[0]), mixed(color[1]), mixed(color[2])];
}

/** A class as outputs show it. */
export interface ClassStyle {
  /** Its name. */
  readonly name: string;
  /** Its color. */
  readonly color: Color;
}

/**
 * The classes as outputs show them.
 *
 * @param names The classes' names, the background first.
 * @returns Each with its color ({@linkcode classColor}).
 *
 * @example
 * ```ts
 * import { classStyles } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const [, axon] = classStyles(["background", "axon"]);
 * assertEquals(axon, { name: "axon", color: [230, 159, 0] });
 * ```
 */
export function classStyles(names: readonly string[]): ClassStyle[] {
  return names.map((name, number) => ({ name, color: classColor(number) }));
}
