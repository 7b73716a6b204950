import type { SafetensorsDtype } from "./safetensors.ts";

/** Bytes an element of each type. */
export const dtypeBytes: Readonly<Record<SafetensorsDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I8: 1,
};

/** A tensor as PyTorch keeps it: a walk through a storage. */
export interface Strided {
  /** Elements before the first. */
  readonly offset: number;
  /** Its shape. */
  readonly shape: readonly number[];
  /** Elements from one to the next, along each axis. */
  readonly strides: readonly number[];
}

/**
 * What is wrong with a walk through a storage of so many elements: it leaves
 * the storage, or meets an element twice, as a small file would that claims a
 * giant tensor.
 *
 * @returns What was found, or undefined if nothing is wrong.
 */
export function stridedFault(
  { offset, shape, strides }: Strided,
  count: number,
): string | undefined {
  const isCount = (value: number): boolean =>
    Number.isSafeInteger(value) && value >= 0;
  if (
    shape.length !== strides.length || !isCount(offset) ||
    !shape.every(isCount) || !strides.every(isCount)
  ) return "a shape, strides or an offset that are no counts";
  if (offset > count) return `offset ${offset}`;
  if (shape.includes(0)) return undefined;
  // By growing strides, each axis must step over all that the former reach.
  const axes = shape.map((size, axis) => ({ size, stride: strides[axis]! }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => a.stride - b.stride);
  let reach = 1;
  for (const { size, stride } of axes) {
    if (stride < reach) return "elements that overlap";
    reach += (size - 1) * stride;
    if (reach > count - offset) {
      return `elements up to number ${offset + reach}`;
    }
  }
  return reach > count - offset ? `offset ${offset}` : undefined;
}

/**
 * The bytes of a tensor that has no {@linkcode stridedFault}, rows first.
 *
 * @param storage The storage's bytes.
 * @param tensor The walk.
 * @param width Bytes an element.
 * @returns A view where the elements lie in a row already, else a copy.
 */
export function stridedBytes(
  storage: Uint8Array,
  { offset, shape, strides }: Strided,
  width: number,
): Uint8Array {
  const size = shape.reduce((product, one) => product * one, 1);
  let next = 1, isRow = true;
  for (let axis = shape.length; axis-- > 0;) {
    if (shape[axis] !== 1 && strides[axis] !== next) isRow = false;
    next *= shape[axis]!;
  }
  if (isRow || size === 0) {
    return storage.subarray(offset * width, (offset + size) * width);
  }
  const result = new Uint8Array(size * width);
  const position = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    result.set(
      storage.subarray(from * width, (from + 1) * width),
      to * width,
    );
    for (let axis = shape.length; axis-- > 0;) {
      position[axis]!++;
      from += strides[axis]!;
      if (position[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return result;
}
