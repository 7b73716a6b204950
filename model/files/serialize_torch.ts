import { crc32 } from "node:zlib";
import { cannot } from "@unet/errors";
import { storedFloats } from "./stored_floats.ts";
import type { FloatTensor, StoreOptions } from "./safetensors.ts";

/** PyTorch starts each storage at a multiple of this. */
const alignment = 64;

/** PyTorch's class of a storage. */
const storageNames = {
  F32: "FloatStorage",
  F16: "HalfStorage",
  BF16: "BFloat16Storage",
} as const;

/** A zip file without its 64-bit extension holds no more. */
const longestFile = 0xffffffff;

/**
 * Writes tensors as `torch.save` writes a state dict: a zip file of a pickle
 * and the storages, which `torch.load(weights_only=True)` reads.
 *
 * @param tensors The tensors by name, in PyTorch's order.
 * @param options The type of the elements.
 * @returns The file in pieces, in order.
 * @throws {RangeError} If a shape does not fit its values, or the file would
 * be longer than 4 GiB.
 *
 * @example
 * ```ts
 * import { parseTorch, serializeTorch } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const tensor = { shape: [1, 2], values: new Float32Array([1, 2]) };
 * const pieces = serializeTorch(new Map([["w", tensor]]), { dtype: "F16" });
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * assertEquals(parseTorch(bytes, "w.pth").get("w")?.dtype, "F16");
 * ```
 */
export function serializeTorch(
  tensors: ReadonlyMap<string, FloatTensor>,
  { dtype = "F32" }: StoreOptions = {},
): Uint8Array<ArrayBuffer>[] {
  const storages: Uint8Array<ArrayBuffer>[] = [];
  for (const [name, { shape, values }] of tensors) {
    if (shape.reduce((product, one) => product * one, 1) !== values.length) {
      throw new RangeError(
        cannot("write", "tensor", name, {
          found: `${values.length} values`,
          expected: `shape [${shape}]`,
        }),
      );
    }
    storages.push(storedFloats(values, dtype));
  }
  const encode = (text: string) => new TextEncoder().encode(text);
  return zipOf([
    ["archive/data.pkl", pickleOf(tensors, storageNames[dtype])],
    ["archive/byteorder", encode("little")],
    ...storages.map((bytes, key) => [`archive/data/${key}`, bytes] as const),
    ["archive/version", encode("3\n")],
  ]);
}

function pickleOf(
  tensors: ReadonlyMap<string, FloatTensor>,
  storage: string,
): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const code = (...codes: readonly number[]) => void bytes.push(...codes);
  const ascii = (text: string) => code(...new TextEncoder().encode(text));
  const word = (value: number) =>
    code(...new Uint8Array(new Uint32Array([value]).buffer));
  const text = (value: string) => {
    const encoded = new TextEncoder().encode(value);
    ascii("X");
    word(encoded.length);
    code(...encoded);
  };
  const integer = (value: number) => {
    ascii("J");
    word(value);
  };
  const tuple = (values: readonly number[]) => {
    ascii("(");
    values.forEach(integer);
    ascii("t");
  };
  const orderedDict = () => ascii("ccollections\nOrderedDict\n)R");
  code(0x80, 2);
  orderedDict();
  ascii("(");
  let key = 0;
  for (const [name, { shape, values }] of tensors) {
    const strides = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((product, one) => product * one, 1)
    );
    text(name);
    ascii("ctorch._utils\n_rebuild_tensor_v2\n((");
    text("storage");
    ascii(`ctorch\n${storage}\n`);
    text(String(key++));
    text("cpu");
    integer(values.length);
    ascii("tQ");
    integer(0);
    tuple(shape);
    tuple(strides);
    code(0x89);
    orderedDict();
    ascii("tR");
  }
  ascii("u.");
  return Uint8Array.from(bytes);
}

/** A zip of records that are stored as they are, each aligned. */
function zipOf(
  records: readonly (readonly [string, Uint8Array<ArrayBuffer>])[],
): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  const add = (piece: Uint8Array<ArrayBuffer>): void => {
    pieces.push(piece);
    offset += piece.length;
    if (offset > longestFile) {
      throw new RangeError(
        cannot("write", "PyTorch file of", `${offset} bytes`, {
          found: "more than a zip file holds",
          expected: `at most ${longestFile}`,
        }),
      );
    }
  };
  for (const [text, content] of records) {
    const name = new TextEncoder().encode(text);
    const start = offset, bare = offset + 30 + name.length + 4;
    const padding = (alignment - bare % alignment) % alignment;
    const local = new Uint8Array(30 + name.length + 4 + padding);
    const fields = new DataView(local.buffer);
    fields.setUint32(0, 0x04034b50, true);
    // Version, flags (UTF-8), method 0, no time.
    fields.setUint16(4, 20, true);
    fields.setUint16(6, 0x800, true);
    fields.setUint32(14, crc32(content), true);
    fields.setUint32(18, content.length, true);
    fields.setUint32(22, content.length, true);
    fields.setUint16(26, name.length, true);
    fields.setUint16(28, 4 + padding, true);
    local.set(name, 30);
    // An extra field that nobody reads, as PyTorch pads.
    fields.setUint16(30 + name.length, 0x4246, true);
    fields.setUint16(32 + name.length, padding, true);
    add(local);
    add(content);
    const entry = new Uint8Array(46 + name.length);
    const listed = new DataView(entry.buffer);
    listed.setUint32(0, 0x02014b50, true);
    listed.setUint16(4, 20, true);
    entry.set(local.subarray(4, 28), 6);
    listed.setUint32(42, start, true);
    entry.set(name, 46);
    directory.push(entry);
  }
  const begin = offset;
  directory.forEach(add);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, records.length, true);
  end.setUint16(10, records.length, true);
  end.setUint32(12, offset - begin, true);
  end.setUint32(16, begin, true);
  add(new Uint8Array(end.buffer));
  return pieces;
}
