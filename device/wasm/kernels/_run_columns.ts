import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";

/** Floats of a matrix that are worked on at a time, to stay in the cache. */
const blockFloats = 4096;
const fewestRows = 32;

/** Operands of a function over columns; see `_columns.ts`. */
export interface Columns {
  /** Rows of every matrix. */
  readonly rows: number;
  /** Columns of every matrix. */
  readonly channels: number;
  /** Where the matrices lie. */
  readonly matrices: readonly number[];
  /** Coefficients `[channels]`, laid down for the function in this order. */
  readonly coefficients?: readonly ArrayLike<number>[];
  /** How many sums `[channels]` the function makes. */
  readonly sums?: number;
  /** Where the matrix that it writes lies. */
  readonly result?: number;
}

/**
 * Runs a function over columns block by block.
 *
 * @returns The sums. Within a block they are float32, over blocks float64, so
 * that a million rows lose no more precision than a few hundred.
 */
export function runColumns(
  machine: Machine,
  name: string,
  { rows, channels, matrices, coefficients = [], sums = 0, result }: Columns,
): Float64Array[] {
  const totals = Array.from({ length: sums }, () => new Float64Array(channels));
  const count = coefficients.length + sums;
  const step = Math.max(fewestRows, Math.floor(blockFloats / channels));
  const run = machine.code(name);
  machine.scratch(channels * count + 1, (scratch) => {
    const heap = machine.heap();
    const places = Array.from(
      { length: count },
      (_, i) => scratch + 4 * channels * i,
    );
    coefficients.forEach((values, i) => heap.set(values, places[i]! >>> 2));
    const sumPlaces = places.slice(coefficients.length);
    for (let row = 0; row < rows; row += step) {
      const skipped = 4 * channels * row;
      run(
        Math.min(step, rows - row),
        channels >> 2,
        channels & 3,
        4 * channels,
        ...matrices.map((place) => place + skipped),
        ...places,
        result === undefined ? 0 : result + skipped,
      );
      for (const [i, total] of totals.entries()) {
        const place = sumPlaces[i]! >>> 2;
        for (let c = 0; c < channels; c++) total[c]! += heap[place + c]!;
      }
    }
  });
  return totals;
}

/** Reads a tensor `[channels]`. */
export function readChannels(
  machine: Machine,
  tensor: TensorInfo,
): Float64Array {
  const start = machine.address(tensor) >>> 2;
  const length = tensor.shape[0] ?? 1;
  return Float64Array.from(machine.heap().subarray(start, start + length));
}
