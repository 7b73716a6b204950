/**
 * Tensors in safetensors files. Runs in a browser.
 *
 * @module
 */
import { brief, cannot, ModelError } from "@unet/errors";
import { parseJson, repeatsName } from "@unet/files/parse-json";
import { type StoredDtype, storedFloats } from "./stored_floats.ts";

export { floatValues, isFloating } from "./float_values.ts";
export type { StoredDtype };

/** Bytes an element of each dtype that is read. */
const elementBytes: Readonly<Record<SafetensorsDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I8: 1,
};

/** The element types that are read. */
export type SafetensorsDtype = "F64" | "F32" | "F16" | "BF16" | "I64" | "I8";

/** A tensor inside a safetensors file. */
export interface SafetensorsView {
  /** Its element type. */
  readonly dtype: SafetensorsDtype;
  /** Its shape; an empty one is a single value. */
  readonly shape: readonly number[];
  /** Its bytes within the file, little endian, rows first. */
  readonly bytes: Uint8Array;
}

/** The content of a safetensors file. */
export interface SafetensorsFile {
  /** The tensors by name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, SafetensorsView>;
  /** The header's free text. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor to write, of float32 values. */
export interface FloatTensor {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values, rows first. */
  readonly values: Float32Array;
}

/** How weights are stored. */
export interface StoreOptions {
  /**
   * The type of their elements: F32 by default; F16 and BF16 take half the
   * bytes. Each value becomes the nearest, an infinity where it is too large.
   */
  readonly dtype?: StoredDtype;
}

/** The header's length takes eight bytes, and the format caps it. */
const prefixBytes = 8, maximalHeader = 100_000_000;

/** A header is an object of objects of lists. */
const headerBounds = { deepest: 8 };

/** The one name in the header that is no tensor's. */
const metadataName = "__metadata__";

/**
 * Reads a safetensors file. Nothing in it is believed before it is checked:
 * lengths, names, shapes, offsets, overlaps and gaps.
 *
 * @param bytes The file.
 * @param name What to call it in a message.
 * @returns Views on the tensors; nothing is copied.
 * @throws {ModelError} If the file is not well formed.
 *
 * @example
 * ```ts
 * import { parseSafetensors, serializeSafetensors } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const tensor = { shape: [2], values: new Float32Array([1, 2]) };
 * const pieces = serializeSafetensors(new Map([["w", tensor]]));
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * assertEquals(parseSafetensors(bytes, "w").tensors.get("w")?.shape, [2]);
 * ```
 */
export function parseSafetensors(
  bytes: Uint8Array,
  name: string,
): SafetensorsFile {
  const bad = (found: string, expected: string, cause?: unknown): ModelError =>
    new ModelError(
      cannot("read", "safetensors file", name, { found, expected }),
      { cause },
    );
  if (bytes.length < prefixBytes) {
    throw bad(`${bytes.length} bytes`, "a header length of 8 bytes");
  }
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset)
    .getBigUint64(0, true);
  const room = Math.min(bytes.length - prefixBytes, maximalHeader);
  if (headerLength > BigInt(room)) {
    // What else begins so is no length, and no header follows it.
    if (bytes.length > prefixBytes && bytes[prefixBytes] !== 0x7b) {
      throw bad("bytes of an unknown format", "a length and a header in JSON");
    }
    throw bad(`a header of ${headerLength} bytes`, `at most ${room}`);
  }
  const start = prefixBytes + Number(headerLength);
  let text: string, header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true })
      .decode(bytes.subarray(prefixBytes, start));
    header = parseJson(text, headerBounds);
  } catch (cause) {
    const found = cause instanceof SyntaxError
      ? `a header of ${cause.message}`
      : "a header that is not text";
    throw bad(found, "safetensors' header", cause);
  }
  if (!isRecord(header)) throw bad("a header without names", "an object");
  if (repeatsName(text, header)) {
    throw bad("a header that gives a name twice", "each once");
  }
  const { [metadataName]: metadata = {}, ...entries } = header;
  if (
    !isRecord(metadata) ||
    Object.values(metadata).some((text) => typeof text !== "string")
  ) {
    throw bad("metadata that is not text", "text by name");
  }
  const body = bytes.subarray(start);
  const tensors = new Map<string, SafetensorsView>();
  for (const [tensor, entry] of Object.entries(entries)) {
    tensors.set(
      tensor,
      viewOf(
        entry,
        body,
        (found, expected) =>
          bad(`tensor ${brief(tensor)} with ${found}`, expected),
      ),
    );
  }
  checkCoverage([...tensors.values()], body, bad);
  return { tensors, metadata: metadata as Record<string, string> };
}

function viewOf(
  entry: unknown,
  body: Uint8Array,
  bad: (found: string, expected: string) => ModelError,
): SafetensorsView {
  if (!isRecord(entry)) throw bad("no description", "dtype, shape, offsets");
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    throw bad(
      `dtype ${brief(dtype)}`,
      Object.keys(elementBytes).join(", "),
    );
  }
  if (!isCounts(shape)) {
    throw bad(`shape ${brief(shape)}`, "integers from 0");
  }
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw bad(`offsets ${brief(offsets)}`, "begin and end");
  }
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape) * elementBytes[dtype as SafetensorsDtype];
  if (end > body.length || begin > end) {
    throw bad(`offsets ${begin} to ${end}`, `within ${body.length} bytes`);
  }
  if (end - begin !== size) {
    throw bad(
      `${end - begin} bytes`,
      `${size} for shape ${brief(shape)}`,
    );
  }
  return {
    dtype: dtype as SafetensorsDtype,
    shape,
    bytes: body.subarray(begin, end),
  };
}

function checkCoverage(
  views: readonly SafetensorsView[],
  body: Uint8Array,
  bad: (found: string, expected: string) => ModelError,
): void {
  let end = body.byteOffset;
  const inOrder = views.toSorted((a, b) =>
    a.bytes.byteOffset - b.bytes.byteOffset || a.bytes.length - b.bytes.length
  );
  for (const { bytes } of inOrder) {
    if (bytes.byteOffset !== end) {
      throw bad(
        bytes.byteOffset < end ? "tensors that overlap" : "a gap",
        "tensors one after the other",
      );
    }
    end += bytes.length;
  }
  if (end !== body.byteOffset + body.length) {
    throw bad(
      `${body.byteOffset + body.length - end} bytes after the last tensor`,
      "none",
    );
  }
}

/**
 * Writes tensors as a safetensors file, as float32, float16 or bfloat16.
 *
 * @param tensors The tensors by name; views are written as they are.
 * @param metadata Free text for the header.
 * @param options The type of the elements.
 * @returns The file in pieces, in order, so that nothing is copied.
 * @throws {RangeError} If a shape does not fit its values, or a tensor has the
 * name that the format keeps for metadata.
 *
 * @example
 * ```ts
 * import { parseSafetensors, serializeSafetensors } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const mean = { shape: [3], values: new Float32Array([1, 2, 3]) };
 * const pieces = serializeSafetensors(new Map([["mean", mean]]), { of: "us" });
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * assertEquals(parseSafetensors(bytes, "example").metadata, { of: "us" });
 * ```
 */
export function serializeSafetensors(
  tensors: ReadonlyMap<string, FloatTensor | SafetensorsView>,
  metadata: Readonly<Record<string, string>> = {},
  { dtype = "F32" }: StoreOptions = {},
): Uint8Array<ArrayBuffer>[] {
  let offset = 0;
  // Without a prototype, so that "__proto__" is a name like any other.
  const header: Record<string, unknown> = Object.create(null);
  header[metadataName] = metadata;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (const [name, tensor] of tensors) {
    if (name === metadataName) {
      throw new RangeError(
        cannot("write", "tensor", name, {
          found: "the name of the metadata",
          expected: "any other name",
        }),
      );
    }
    const stored = "values" in tensor ? viewOfFloats(tensor, dtype) : tensor;
    const { shape, bytes } = stored, size = elementBytes[stored.dtype];
    if (!isCounts(shape) || sizeOf(shape) * size !== bytes.length) {
      throw new RangeError(
        cannot("write", "tensor", name, {
          found: `${bytes.length / size} values`,
          expected: `shape [${shape}]`,
        }),
      );
    }
    const end = offset + bytes.length;
    header[name] = { dtype: stored.dtype, shape, data_offsets: [offset, end] };
    offset = end;
    pieces.push(bytes as Uint8Array<ArrayBuffer>);
  }
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  const padded = Math.ceil(encoded.length / 8) * 8;
  const head = new Uint8Array(prefixBytes + padded).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(encoded, prefixBytes);
  return [head, ...pieces];
}

function viewOfFloats(
  { shape, values }: FloatTensor,
  dtype: StoredDtype,
): SafetensorsView {
  return { dtype, shape, bytes: storedFloats(values, dtype) };
}

/** Elements of a shape. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, one) => product * one, 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) &&
    value.every((one) => Number.isSafeInteger(one) && one >= 0);
}
