import { brief, cannot, FileError } from "@unet/errors";

/** An array of numbers of any shape, in C order. */
export interface NumberArray {
  /** Sizes of its axes, the slowest first. */
  readonly shape: readonly number[];
  /** Its values. */
  readonly values: Float32Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** numpy starts the values at a multiple of this. */
const alignment = 64;

/** The longest header that is read; numpy's own are below a tenth. */
const longestHeader = 2 ** 14;

/** Axes that an array may have. */
const mostAxes = 8;

/**
 * Writes an array as `numpy.save` does, as float32.
 *
 * @param array The array.
 * @returns The file.
 * @throws {RangeError} If the shape does not fit the values.
 *
 * @example
 * ```ts
 * import { encodeNpy, parseNpy } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const array = { shape: [1, 2], values: new Float32Array([0.5, 2]) };
 * assertEquals(parseNpy(encodeNpy(array), "a.npy"), array);
 * ```
 */
export function encodeNpy({ shape, values }: NumberArray): Uint8Array {
  if (shape.reduce((product, one) => product * one, 1) !== values.length) {
    throw new RangeError(
      `Cannot write array: found ${values.length} values, expected shape [${shape}]`,
    );
  }
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const words =
    `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The header ends with a line break.
  const room = alignment - (magic.length + 4 + words.length + 1) % alignment;
  const header = new TextEncoder().encode(
    `${words}${" ".repeat(room % alignment)}\n`,
  );
  const start = magic.length + 4 + header.length;
  const bytes = new Uint8Array(start + 4 * values.length);
  bytes.set([...magic, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, header.length, true);
  bytes.set(header, 10);
  values.forEach((value, at) => view.setFloat32(start + 4 * at, value, true));
  return bytes;
}

/** How the values of each type that is read are stored. */
const readers: Readonly<
  Record<string, { bytes: number; read(view: DataView, at: number): number }>
> = {
  "<f4": { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  "<f8": { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  "|u1": { bytes: 1, read: (view, at) => view.getUint8(at) },
  "|i1": { bytes: 1, read: (view, at) => view.getInt8(at) },
  "|b1": { bytes: 1, read: (view, at) => view.getUint8(at) },
  "<u2": { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  "<i2": { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  "<u4": { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  "<i4": { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  "<i8": { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  "<u8": { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
};

/**
 * Reads what `numpy.save` wrote: numbers alone. Objects, which numpy stores as
 * pickles, are refused; nothing in the file is run.
 *
 * @param bytes The file.
 * @param name What to call it in a message.
 * @returns The array; its values as float32.
 * @throws {FileError} If it is damaged, of objects, in Fortran's order, or its
 * shape is not that of its bytes.
 *
 * @example
 * ```ts
 * import { encodeNpy, parseNpy } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const array = { shape: [3], values: new Float32Array([1, 2, 3]) };
 * assertEquals(parseNpy(encodeNpy(array), "a.npy").shape, [3]);
 * ```
 */
export function parseNpy(bytes: Uint8Array, name: string): NumberArray {
  const bad = (found: string, expected: string): FileError =>
    new FileError(cannot("read", "array", name, { found, expected }));
  if (bytes.length < 12 || !magic.every((one, at) => bytes[at] === one)) {
    throw bad("no array of numpy", "a file that numpy.save wrote");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw bad(`format version ${version}`, "1, 2 or 3");
  }
  const wide = version > 1, from = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > longestHeader || from + length > bytes.length) {
    throw bad(`a header of ${length} bytes`, `at most ${longestHeader}`);
  }
  const header = new TextDecoder("latin1").decode(
    bytes.subarray(from, from + length),
  );
  const found =
    /^\{'descr': '([^']{1,8})', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\),? *\}\s*$/
      .exec(header);
  if (!found) {
    throw bad(
      `the header ${brief(header.trim())}`,
      "numbers of one type (objects are pickles, which are not read)",
    );
  }
  const [, type = "", order, sizes = ""] = found;
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (!reader) {
    throw bad(
      `values of type ${brief(type)}`,
      `${
        Object.keys(readers).join(", ")
      } (objects are pickles, which are not read)`,
    );
  }
  if (order === "True") throw bad("Fortran's order", "C's");
  const shape = sizes.split(",").map((one) => one.trim()).filter(Boolean)
    .map(Number);
  const count = shape.reduce((product, one) => product * one, 1);
  const start = from + length, stored = (bytes.length - start) / reader.bytes;
  if (shape.length > mostAxes || count !== stored) {
    throw bad(
      `shape [${brief(shape)}] before ${bytes.length - start} bytes`,
      "a shape of as many values as there are",
    );
  }
  const values = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    values[at] = reader.read(view, start + at * reader.bytes);
  }
  return { shape, values };
}
