import type { ViewChoice } from "@unet/app/view";
import type { MaskSource } from "./mask_source.ts";

/** What a table of measurements is of. */
export interface TableHead {
  /** The image. */
  readonly name: string;
  /** The plane and time point in which objects are measured. */
  readonly choice: ViewChoice;
  /** Names the state of the mask, as the page knows it. */
  readonly version: string | null;
  /** Where the mask comes from. */
  readonly source: MaskSource;
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** The classes, the background first, which the column `class` numbers. */
  readonly classes: readonly string[] | null;
  /** How many objects there are. */
  readonly rows: number;
  /** Whether the size of a pixel is known. */
  readonly hasMicrometers: boolean;
}

/** A table as the page has it. */
export interface ObjectTable {
  /** What it is of. */
  readonly head: TableHead;
  /** The values of each column, an object each; NaN is not known. */
  readonly values: ReadonlyMap<string, Float64Array>;
}

/** The head has a length of its own, and ends where numbers may begin. */
const lengthBytes = 8;

/**
 * Packs a table: the length of its head, the head as JSON, and the columns one
 * after the other as 64-bit floats of this machine, which is the page's too.
 *
 * @param head What it is of.
 * @param values Its columns, one after the other.
 */
export function encodeTable(
  head: TableHead,
  values: Float64Array,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = startOf(text.length);
  const bytes = new Uint8Array(start + values.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, lengthBytes);
  bytes.set(
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    start,
  );
  return bytes;
}

/** Unpacks what {@linkcode encodeTable} packed. */
export function decodeTable(bytes: ArrayBuffer): ObjectTable {
  const length = new DataView(bytes).getUint32(0, true);
  const text = new Uint8Array(bytes, lengthBytes, length);
  const head = JSON.parse(new TextDecoder().decode(text)) as TableHead;
  const all = new Float64Array(bytes, startOf(length));
  const { rows } = head;
  const values = new Map(
    head.columns.map((name, at) => [
      name,
      all.subarray(at * rows, (at + 1) * rows),
    ]),
  );
  return { head, values };
}

function startOf(length: number): number {
  return Math.ceil((lengthBytes + length) / 8) * 8;
}
