import type { TiffPage } from "./tiff_page.ts";
import { unpackBits } from "./unpack_bits.ts";
import type { Image } from "../types.ts";

/** Values a pixel that are wanted of each, interleaved. */
export type Values = Image["data"];

/** Bits a value of what a page gives: 32 for all that 16 bits do not hold. */
export function depthOf(page: TiffPage): 8 | 16 | 32 {
  const { format, bits } = page;
  if (format !== "unsigned" || bits > 16) return 32;
  return bits > 8 ? 16 : 8;
}

/** Bytes of a row of so many values, which begins with a byte. */
export function rowBytesOf(values: number, { bits }: TiffPage): number {
  return Math.ceil(values * bits / 8);
}

/** Whether values do not end with a byte. */
export function isPacked({ bits }: TiffPage): boolean {
  return bits % 8 !== 0 || bits === 24;
}

/** Values as a page stores them; 64-bit integers are rounded. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float16Array
  | Float32Array
  | Float64Array;

/**
 * Turns the bytes of rows into values: undoes the predictor and the order of
 * bytes, and picks samples. The bytes are worked on in place.
 *
 * @param bytes Whole rows.
 * @param page Their page.
 * @param samples Values per pixel in them, which of these to keep, in this
 * order, and the file's order of bytes.
 */
export function toValues(
  bytes: Uint8Array<ArrayBuffer>,
  page: TiffPage,
  { perPixel, wanted, isLittleEndian }: {
    readonly perPixel: number;
    readonly wanted: readonly number[];
    readonly isLittleEndian: boolean;
  },
): Values {
  const { bits, format } = page;
  const numbers = toNumbers(bytes, page, perPixel, isLittleEndian);
  const picked = pick(numbers, perPixel, wanted, depthOf(page));
  // Zero is white only where there is a white.
  if (page.photometric === 0 && format === "unsigned") {
    const white = 2 ** bits - 1;
    for (let at = 0; at < picked.length; at++) picked[at] = white - picked[at]!;
  }
  if (bits < 8) spread(picked, bits);
  return picked;
}

/**
 * Turns the bytes of rows into the numbers that are stored: undoes the
 * predictor and the order of bytes. The bytes are worked on in place.
 */
export function toNumbers(
  bytes: Uint8Array<ArrayBuffer>,
  page: TiffPage,
  perPixel: number,
  isLittleEndian: boolean,
): Numbers {
  return isPacked(page)
    ? unpackBits(bytes, page.bits, page.tileWidth * perPixel)
    : unpredicted(bytes, page, perPixel, isLittleEndian);
}

/** Spreads fewer bits over 8, as the image library does. */
function spread(values: Values, bits: number): void {
  const factor = 255 / (2 ** bits - 1);
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.round(values[at]! * factor);
  }
}

/** Undoes the predictor and the order of bytes, in place. */
function unpredicted(
  bytes: Uint8Array<ArrayBuffer>,
  page: TiffPage,
  perPixel: number,
  isLittleEndian: boolean,
): Numbers {
  const { bits, predictor, format } = page;
  const rowBytes = rowBytesOf(page.tileWidth * perPixel, page);
  if (predictor === 3) {
    joinFloatBytes(bytes, rowBytes, perPixel, bits / 8);
  } else if (!isLittleEndian) swapBytes(bytes, bits / 8);
  if (predictor === 2) addNeighbors(bytes, rowBytes, perPixel, bits);
  return viewAs(bytes, format, bits);
}

function pick(
  numbers: Numbers,
  perPixel: number,
  wanted: readonly number[],
  depth: 8 | 16 | 32,
): Values {
  const keepsAll = wanted.length === perPixel &&
    wanted.every((sample, at) => sample === at);
  const fits = depth === 8
    ? numbers instanceof Uint8Array
    : depth === 16
    ? numbers instanceof Uint16Array
    : numbers instanceof Float32Array;
  if (keepsAll && fits) return numbers as Values;
  const pixels = numbers.length / perPixel, count = wanted.length;
  const length = pixels * count;
  const out = depth === 8
    ? new Uint8Array(length)
    : depth === 16
    ? new Uint16Array(length)
    : new Float32Array(length);
  for (const [at, sample] of wanted.entries()) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      out[pixel * count + at] = numbers[pixel * perPixel + sample]!;
    }
  }
  return out;
}

function viewAs(
  bytes: Uint8Array<ArrayBuffer>,
  format: TiffPage["format"],
  bits: number,
): Numbers {
  const { buffer, byteOffset } = bytes, length = bytes.length * 8 / bits;
  if (format === "float") {
    return bits === 16
      ? new Float16Array(buffer, byteOffset, length)
      : bits === 32
      ? new Float32Array(buffer, byteOffset, length)
      : new Float64Array(buffer, byteOffset, length);
  }
  if (bits === 64) {
    return format === "signed"
      ? Float64Array.from(new BigInt64Array(buffer, byteOffset, length), Number)
      : Float64Array.from(
        new BigUint64Array(buffer, byteOffset, length),
        Number,
      );
  }
  if (format === "signed") {
    return bits === 8
      ? new Int8Array(buffer, byteOffset, length)
      : bits === 16
      ? new Int16Array(buffer, byteOffset, length)
      : new Int32Array(buffer, byteOffset, length);
  }
  return unsigned(bytes, bits);
}

function unsigned(
  { buffer, byteOffset, length }: Uint8Array<ArrayBuffer>,
  bits: number,
): Uint8Array | Uint16Array | Uint32Array {
  return bits === 8
    ? new Uint8Array(buffer, byteOffset, length)
    : bits === 16
    ? new Uint16Array(buffer, byteOffset, length / 2)
    : new Uint32Array(buffer, byteOffset, length / 4);
}

function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  for (let at = 0; at < bytes.length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const kept = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = kept;
    }
  }
}

/** Undoes horizontal differences: each value is what was added to the one before. */
function addNeighbors(
  bytes: Uint8Array<ArrayBuffer>,
  rowBytes: number,
  perPixel: number,
  bits: number,
): void {
  const row = rowBytes * 8 / bits;
  if (bits === 64) {
    const numbers = new BigUint64Array(
      bytes.buffer,
      bytes.byteOffset,
      bytes.length / 8,
    );
    for (let start = 0; start < numbers.length; start += row) {
      for (let at = start + perPixel; at < start + row; at++) {
        numbers[at]! += numbers[at - perPixel]!;
      }
    }
    return;
  }
  const numbers = unsigned(bytes, bits);
  for (let start = 0; start < numbers.length; start += row) {
    for (let at = start + perPixel; at < start + row; at++) {
      numbers[at]! += numbers[at - perPixel]!;
    }
  }
}

/** Undoes the predictor of floats: differences of bytes, the high ones first. */
function joinFloatBytes(
  bytes: Uint8Array,
  rowBytes: number,
  perPixel: number,
  size: number,
): void {
  const values = rowBytes / size;
  const row = new Uint8Array(rowBytes);
  for (let start = 0; start < bytes.length; start += rowBytes) {
    for (let at = start + perPixel; at < start + rowBytes; at++) {
      bytes[at]! += bytes[at - perPixel]!;
    }
    row.set(bytes.subarray(start, start + rowBytes));
    for (let value = 0; value < values; value++) {
      for (let byte = 0; byte < size; byte++) {
        bytes[start + value * size + byte] =
          row[(size - 1 - byte) * values + value]!;
      }
    }
  }
}
