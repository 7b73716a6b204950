import type { StoredValue } from "./mask_options.ts";

/** The numbers of a mask, of the type that its file stores. */
export type MaskValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** A mask as its file stores it. */
export interface StoredMask {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** One number per pixel, rows from the top. */
  readonly values: MaskValues;
  /**
   * Bits per channel where the numbers are colors, (red · 2ᵇ + green) · 2ᵇ +
   * blue; 0 where they are numbers.
   */
  readonly colorBits: 0 | 8 | 16;
  /** The colors that a palette shows numbers in, as `"#rrggbb"` by number. */
  readonly palette?: readonly string[];
  /** Whether the file is lossy, like JPEG. */
  readonly isLossy: boolean;
  /** EXIF's number: 1 is upright; not applied. */
  readonly orientation: number;
  /** Pages, planes or frames in the file; the numbers are of the first. */
  readonly pages: number;
  /** Whether transparency shows shapes that the numbers do not. */
  readonly hasShapeInAlpha: boolean;
  /** Whether viewers paint 0 bright: zero is white, or the palette says so. */
  readonly showsZeroBright: boolean;
}

/** The numbers by which a mask stores values. */
export type MaskNumbers =
  & Pick<StoredMask, "colorBits" | "palette">
  & Partial<Pick<StoredMask, "values">>;

/** Numbers that are written as words. */
const wordedNumbers: ReadonlyMap<StoredValue, number> = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/** The boundary between background and objects of a mask. */
export interface Background {
  /** Whether a number is background: listed, below 0, or no finite number. */
  has(value: number): boolean;
  /** How far a number is from the background, in a color by its channels. */
  distance(value: number): number;
}

/**
 * Makes the background of a mask.
 *
 * @param mask Whose numbers are asked about.
 * @param listed What is background.
 */
export function backgroundOf(
  mask: MaskNumbers,
  listed: readonly StoredValue[],
): Background {
  const { colorBits } = mask;
  // What is no finite number is background already.
  const values = listed.flatMap((one) => numbersOf(one, mask))
    .filter(Number.isFinite);
  const set = new Set(values);
  const isZero = set.size === 1 && set.has(0);
  return {
    has: isZero
      ? (value) => !(value > 0 && value < Infinity)
      : (value) => !(value >= 0 && value < Infinity) || set.has(value),
    distance: colorBits === 0
      ? isZero
        ? (value) => value
        : (value) => Math.min(...values.map((one) => Math.abs(value - one)))
      : (value) =>
        Math.min(...values.map((one) => colorDistance(value, one, colorBits))),
  };
}

/**
 * The numbers that a mask stores for a value that a person names: none where it
 * cannot hold the value, several where its palette repeats a color. A fraction is
 * rounded as the file's type rounds it: 32-bit floats have no 0.1.
 */
export function numbersOf(
  value: StoredValue,
  { colorBits, palette, values }: MaskNumbers,
): number[] {
  const worded = wordedNumbers.get(value);
  if (worded !== undefined) return [worded];
  if (typeof value === "string" && palette) {
    return [...palette.keys()].filter((at) => palette[at] === value);
  }
  const channels = typeof value === "number"
    ? [value, value, value]
    : [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16));
  if (colorBits === 0) {
    const [red, green, blue] = channels;
    return red === green && red === blue ? [asStored(red!, values)] : [];
  }
  const scale = typeof value === "string" && colorBits === 16 ? 257 : 1;
  const base = 2 ** colorBits;
  return [
    channels.reduce((key, channel) => key * base + channel * scale, 0),
  ];
}

/**
 * A number as a file of these numbers stores it.
 *
 * @param number The number.
 * @param values The numbers of the file; exact if not given.
 */
export function asStored(number: number, values?: MaskValues): number {
  return values instanceof Float32Array
    ? Math.fround(number)
    : values instanceof Float16Array
    ? Math.f16round(number)
    : number;
}

function colorDistance(a: number, b: number, colorBits: 8 | 16): number {
  const base = 2 ** colorBits;
  let most = 0;
  for (let channel = 0; channel < 3; channel++) {
    most = Math.max(most, Math.abs(a % base - b % base));
    a = Math.floor(a / base);
    b = Math.floor(b / base);
  }
  return most;
}
