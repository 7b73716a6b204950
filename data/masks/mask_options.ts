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
 * A number that means background; in a mask of colors a gray, or as
 * `"#rrggbb"` a color.
 */
export type BackgroundValue = number | string;

/** How masks are read. */
export interface MaskOptions {
  /** How numbers become objects, `"auto"` if not given. */
  readonly mask?: MaskReading;
  /** What is background, 0 if not given. Numbers below 0 always are. */
  readonly background?: readonly BackgroundValue[];
}
