/**
 * What a program of Winograd's convolution is given: numbers of 64 bits, one
 * after the other, then constants of 32 bits.
 *
 * @module
 */

const names = [
  // Work is handed out by counting: which piece is next, which thread asks.
  ...["counter", "threads", "pieces"],
  // Memory of each thread's own.
  ...["scratch", "scratchBytes"],
  // A tensor that is read: where, and bytes from one to the next.
  ...["source", "sourceColumn", "sourceRow", "sourceImage"],
  // Blocks of channels, by pairs: bytes to the next pair, and within a pair.
  ...["sourcePair", "sourceOdd", "sourceBlocks"],
  // Blocks of it that lie there; all others lie in a second tensor.
  ...["firstBlocks", "second", "secondColumn", "secondRow", "secondImage"],
  ...["secondPair", "secondOdd"],
  // A tensor that is written, or the gradient that is read.
  ...["target", "targetColumn", "targetRow", "targetImage"],
  ...["targetPair", "targetOdd", "targetBlocks"],
  // Pixels, and windows of 4×4: rows of windows of an image, of all images;
  // windows a row; strips a row, rows a strip.
  ...["height", "width", "windowRows", "allRows", "windowColumns"],
  ...["strips", "rowsPerStrip", "allStrips"],
  // Kernels turned into 6×6, the bias, a row of zeros.
  ...["kernel", "bias", "zeros"],
  // All strips' windows, transformed; bytes of a strip's.
  ...["transformed", "stripBytes"],
  // Sums of the kernel's gradient, a part for each piece of work.
  ...["sums", "sumsBytes"],
  // Kernels of 3×3: bytes from one to the next.
  ...["tap", "input", "block", "inputs", "blocks", "parts"],
] as const;

/** An argument of a program. */
export type Argument = typeof names[number];

/** The constants that transforms multiply by, and the least output. */
const constants = {
  two: 2,
  four: 4,
  five: 5,
  eight: 8,
  quarter: 1 / 4,
  sixth: 1 / 6,
  twelfth: 1 / 12,
  twentyFourth: 1 / 24,
  floor: -Infinity,
} as const;

/** A constant of a program. */
export type Constant = keyof typeof constants;

/** Where an argument lies, in bytes. */
export const placeOf = Object.fromEntries(
  names.map((name, index) => [name, 8 * index]),
) as Readonly<Record<Argument, number>>;

const constantsAt = 8 * names.length;
const lanesAt = constantsAt + 4 * Object.keys(constants).length;
const most = 16;

/** Where a constant lies, in bytes. */
export const constantAt = Object.fromEntries(
  Object.keys(constants).map((name, index) => [name, constantsAt + 4 * index]),
) as Readonly<Record<Constant, number>>;

/** Where offsets of a vector's lanes lie, in bytes. */
export const lanesPlace: number = lanesAt;

/** Values of arguments; those that are not named are 0. */
export type Values = Partial<Record<Argument, number | bigint>>;

/**
 * Arguments as a program reads them.
 *
 * @param values The values.
 * @param options The least value of an output, −∞ by default; and bytes from
 * one lane to the next where numbers are gathered.
 */
export function argumentsOf(
  values: Values,
  { floor = -Infinity, laneBytes = 0 }: {
    readonly floor?: number;
    readonly laneBytes?: number;
  } = {},
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lanesAt + 4 * most);
  const view = new DataView(bytes.buffer);
  for (const [name, value] of Object.entries(values)) {
    view.setBigInt64(placeOf[name as Argument], BigInt(value), true);
  }
  for (const [name, value] of Object.entries({ ...constants, floor })) {
    view.setFloat32(constantAt[name as Constant], value, true);
  }
  for (let lane = 0; lane < most; lane++) {
    view.setInt32(lanesAt + 4 * lane, lane * laneBytes, true);
  }
  return bytes;
}
