/**
 * What the numbers of masks mean, as settings. Runs in a browser.
 *
 * @module
 */

/**
 * How the numbers of a mask become objects: each number one (`labels`), each
 * connected part of what is not background one (`binary`), or whichever the
 * mask itself shows (`auto`).
 */
export type MaskReading = "auto" | "labels" | "binary";

/** All readings. */
export const maskReadings: readonly MaskReading[] = [
  "auto",
  "labels",
  "binary",
];

/**
 * A value of a mask: the number that its file stores, in a mask of colors a
 * gray; as `"#rrggbb"` a color, of a palette too; or `"nan"`, `"inf"` or
 * `"-inf"`, which floating-point numbers can be and JSON's cannot.
 */
export type StoredValue = number | string;

/** A class of pixels, and what masks store for it. */
export interface MaskClass {
  /** Its name, unique among the classes. */
  readonly name: string;
  /** What masks store for it, of no other class. */
  readonly value: StoredValue;
}

/** How masks are read. */
export interface MaskOptions {
  /** How numbers become objects, `"auto"` if not given. */
  readonly mask?: MaskReading;
  /** What is background, 0 if not given. Numbers below 0 always are. */
  readonly background?: readonly StoredValue[];
  /**
   * Makes masks maps of classes instead of objects: each pixel's label is the
   * place in this list of what the mask stores for it, the background first.
   */
  readonly classes?: readonly MaskClass[];
  /** What is not labeled; nothing if not given. */
  readonly ignore?: readonly StoredValue[];
}
