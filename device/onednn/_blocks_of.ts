import type { Handle, Library } from "./_library.ts";

/** How numbers lie, in oneDNN's words. */
export interface Blocks {
  /** Between neighbors along each dimension, inner blocks apart. */
  readonly strides: readonly number[];
  /** Sizes of the inner blocks, and along which dimension they are. */
  readonly sizes: readonly number[];
  readonly axes: readonly number[];
}

/** The numbers of oneDNN's queries. */
const query = {
  strides: 14,
  kind: 262,
  blocks: 263,
  sizes: 264,
  axes: 265,
} as const;

/** The kind of descriptions that have strides and blocks. */
const blocked = 2;

/**
 * Reads a description of memory.
 *
 * @param count How many dimensions it has.
 * @returns Strides and blocks; null where it has none, as a layout that oneDNN
 * keeps to itself or that is still open.
 */
export function blocksOf(
  { functions }: Library,
  handle: Handle,
  count: number,
): Blocks | null {
  const number = new Int32Array(1), pointer = new BigUint64Array(1);
  functions.dnnl_memory_desc_query(handle, query.kind, number);
  if (number[0] !== blocked) return null;
  const numbers = (which: number, length: number): number[] => {
    functions.dnnl_memory_desc_query(handle, which, pointer);
    const address = Deno.UnsafePointer.create(pointer[0]!);
    if (address === null) return [];
    const view = new Deno.UnsafePointerView(address);
    return Array.from(
      { length },
      (_, i) => Number(view.getBigInt64(i * 8)),
    );
  };
  functions.dnnl_memory_desc_query(handle, query.blocks, number);
  const blocks = number[0]!;
  return {
    strides: numbers(query.strides, count),
    sizes: numbers(query.sizes, blocks),
    axes: numbers(query.axes, blocks),
  };
}
