import { cannot } from "@unet/errors";
import type { Bytes, Library } from "./_library.ts";
import { int64s } from "./_attributes.ts";
import { dataTypes } from "./placement.ts";

/** What a tensor's content comes as. */
export type TensorContent =
  | Float32Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | BigInt64Array
  | Uint8Array[];

/** Bytes of a text in a tensor: `TF_TString`, whatever its length. */
const textSize = 24;

const elementSizes: Readonly<Record<number, number>> = {
  [dataTypes.float32]: 4,
  [dataTypes.int32]: 4,
  [dataTypes.uint8]: 1,
  [dataTypes.complex64]: 8,
  [dataTypes.int64]: 8,
  [dataTypes.bool]: 1,
  [dataTypes.bfloat16]: 2,
  [dataTypes.float16]: 2,
};

/**
 * A new tensor in the memory of the processor, for the caller to delete.
 *
 * @throws {TypeError} If content and type do not fit.
 * @throws {RangeError} If content and shape do not fit.
 */
export function writeTensor(
  { call }: Library,
  shape: readonly number[],
  type: number,
  content: TensorContent,
): bigint {
  const count = shape.reduce((product, size) => product * size, 1);
  const name = `[${shape}]`;
  const allocate = (bytes: number) => {
    const tensor = call.TF_AllocateTensor(
      type,
      int64s(shape),
      shape.length,
      BigInt(bytes),
    );
    return { tensor, data: call.TF_TensorData(tensor) };
  };
  if (type === dataTypes.string) {
    if (!Array.isArray(content)) {
      throw new TypeError(
        cannot("write", "tensor", name, { found: "no list of texts" }),
      );
    }
    refuseLength(name, content.length, count);
    const { tensor, data } = allocate(count * textSize);
    content.forEach((text, i) => {
      const place = data + BigInt(i * textSize);
      const bytes = text.length > 0 ? text : new Uint8Array(1);
      call.TF_StringInit(place);
      call.TF_StringCopy(place, bytes as Bytes, BigInt(text.length));
    });
    return tensor;
  }
  const size = elementSizes[type];
  if (size === undefined || Array.isArray(content)) {
    throw new TypeError(
      cannot("write", "tensor", name, {
        found: Array.isArray(content) ? "a list" : `type ${type}`,
        expected: "numbers of a known type",
      }),
    );
  }
  refuseLength(name, content.byteLength / size, count);
  const { tensor, data } = allocate(content.byteLength);
  if (count > 0) {
    const { buffer, byteOffset, byteLength } = content;
    const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    call.copyIn(data, bytes, BigInt(byteLength));
  }
  return tensor;
}

function refuseLength(name: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new RangeError(
    cannot("write", "tensor", name, {
      found: `${found} values`,
      expected: `${expected}`,
    }),
  );
}

/** The content of a tensor in the memory of the processor. */
export function readTensor(
  { call }: Library,
  tensor: bigint,
  type: number,
): TensorContent {
  const size = Number(call.TF_TensorByteSize(tensor));
  const data = call.TF_TensorData(tensor);
  if (type === dataTypes.string) {
    return Array.from({ length: size / textSize }, (_, i) => {
      const place = data + BigInt(i * textSize);
      const length = call.TF_StringGetSize(place);
      const text = new Uint8Array(Number(length));
      if (length > 0n) {
        call.copyOut(text, call.TF_StringGetDataPointer(place), length);
      }
      return text;
    });
  }
  const bytes = new Uint8Array(size);
  if (size > 0) call.copyOut(bytes, data, BigInt(size));
  switch (type) {
    case dataTypes.float32:
    case dataTypes.complex64:
      return new Float32Array(bytes.buffer);
    case dataTypes.int32:
      return new Int32Array(bytes.buffer);
    case dataTypes.int64:
      return new BigInt64Array(bytes.buffer);
    case dataTypes.bfloat16:
    case dataTypes.float16:
      return new Uint16Array(bytes.buffer);
    default:
      return bytes;
  }
}

/** Frees the texts of a tensor, which its deletion would leave behind. */
export function freeTexts({ call }: Library, tensor: bigint): void {
  const data = call.TF_TensorData(tensor);
  const size = Number(call.TF_TensorByteSize(tensor));
  for (let place = 0; place < size; place += textSize) {
    call.TF_StringDealloc(data + BigInt(place));
  }
}
