import { briefText, cannot, FileError } from "@unet/errors";
import {
  type Bad,
  type PickleGlobal,
  PickleInstance,
  unpickle,
} from "@unet/files/unpickle";
import type { ImageSize } from "../types.ts";

/** The masks of a file of Cellpose, not read yet. */
export interface SegMasks extends ImageSize {
  /** Their numbers, rows from the top: 0 is background, others are objects. */
  read(): Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

/** Whether a file begins as NumPy's `.npy` do. */
export function isNumpy(bytes: Uint8Array): boolean {
  return bytes[0] === 0x93 &&
    String.fromCharCode(...bytes.subarray(1, 6)) === "NUMPY";
}

/**
 * Finds the masks in Cellpose's `NAME_seg.npy`: a dictionary that NumPy stores
 * as a pickle, of which nothing is run. Image, flows and outlines are skipped.
 *
 * @param bytes The whole file.
 * @param path Its path, for messages.
 * @returns The size of the masks, and what reads them.
 * @throws {FileError} If it is another file of NumPy, damaged, asks for
 * anything but arrays, or its masks are no plane of numbers.
 */
export function findSegMasks(bytes: Uint8Array, path: string): SegMasks {
  const bad: Bad = (found, expected) =>
    new FileError(cannot("read", "mask", path, { found, expected }));
  const { value } = unpickle(bytes, startOfPickle(bytes, bad), {
    find: (name) => globalOf(name, bad),
    load: () => {
      throw bad("what is kept outside of it", "arrays, numbers and text");
    },
    bad,
  });
  const content = contentOf(value, bad);
  if (!content.has("masks")) throw bad("no masks in it", "Cellpose's _seg.npy");
  return masksOf(content.get("masks"), bad);
}

/** Where the pickle of a single Python object begins. */
function startOfPickle(bytes: Uint8Array, bad: Bad): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isFirst = bytes[6] === 1, from = isFirst ? 10 : 12;
  const length = bytes.length < from
    ? Infinity
    : isFirst
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  if (!isNumpy(bytes) || from + length > bytes.length) {
    throw bad("a file of NumPy that is cut off", "Cellpose's _seg.npy");
  }
  const header = new TextDecoder("latin1")
    .decode(bytes.subarray(from, from + Math.min(length, 4096)));
  const type = /'descr': *'([^']*)'/.exec(header)?.[1];
  if (type !== "|O" || !/'shape': *\(\)/.test(header)) {
    throw bad(
      `an array of ${briefText(type ?? "records")}`,
      "Cellpose's _seg.npy, a dictionary with masks",
    );
  }
  return from + length;
}

/** What a pickle of NumPy may name; nothing of it is Python's. */
function globalOf(name: string, bad: Bad): PickleGlobal {
  const made = (kind: string): PickleGlobal => ({
    name,
    call: (args) => new PickleInstance(kind, args),
  });
  // NumPy 2 moved its core.
  switch (name.replace(/^numpy\.core\./, "numpy._core.")) {
    case "numpy._core.multiarray._reconstruct":
      return made("array");
    case "numpy._core.multiarray.scalar":
      return made("scalar");
    case "numpy.dtype":
      return made("dtype");
    case "numpy.ndarray":
      return { name };
    case "_codecs.encode":
      return made("bytes");
    case "pathlib.PosixPath":
    case "pathlib.WindowsPath":
    case "pathlib._local.PosixPath":
    case "pathlib._local.WindowsPath":
      return made("path");
  }
  throw bad(`a call of "${briefText(name)}"`, "arrays, numbers and text");
}

/**
 * Bytes, or the text that protocol 2 writes in their place: a character each,
 * as Latin-1. Only what is asked for is turned into bytes, since a pickle may
 * name one long text any number of times.
 */
function bytesOf(value: unknown, bad: Bad): unknown {
  if (!(value instanceof PickleInstance) || value.name !== "bytes") {
    return value;
  }
  const [text] = value.args;
  if (typeof text !== "string" || /[^\0-\xff]/.test(text)) {
    throw bad("bytes of other text", "Latin-1");
  }
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}

/** The dictionary that is the only entry of the outer array. */
function contentOf(value: unknown, bad: Bad): Map<unknown, unknown> {
  const state = value instanceof PickleInstance ? value.state : undefined;
  const list: unknown = Array.isArray(state) ? state[4] : undefined;
  const content: unknown = Array.isArray(list) ? list[0] : undefined;
  if (content instanceof Map) return content;
  throw bad("an object without names", "Cellpose's _seg.npy, a dictionary");
}

/** Reads a number, by NumPy's letters for its type. */
const readers: Readonly<
  Record<string, (view: DataView, at: number, little: boolean) => number>
> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
};

/** 65,535 in 16 bits and the largest of 32 mean "not labeled" elsewhere. */
const most16 = 0xfffe, most32 = 0xfffffffe;

function masksOf(value: unknown, bad: Bad): SegMasks {
  const isArray = value instanceof PickleInstance && value.name === "array";
  const state = isArray && Array.isArray(value.state) ? value.state : [];
  const [, shape, dtype, isFortran, stored] = state as readonly unknown[];
  const data = bytesOf(stored, bad);
  const isWhole = Array.isArray(shape) && shape.every(isSize) &&
    dtype instanceof PickleInstance && data instanceof Uint8Array;
  if (!isWhole) throw bad("masks that are no array", "a plane of numbers");
  const [height, width, ...others] = shape.length > 2 && shape[0] === 1
    ? shape.slice(1)
    : shape as number[];
  if (height === undefined || width === undefined || others.length > 0) {
    throw bad(
      `masks of ${shape.length} dimensions (${shape.slice(0, 8).join("×")})`,
      "a plane; masks of a volume are not read",
    );
  }
  const type = String(typeof dtype.args[0] === "string" ? dtype.args[0] : "");
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (!read) throw bad(`masks of type ${briefText(type)}`, "whole numbers");
  const order = Array.isArray(dtype.state) ? dtype.state[1] : "<";
  const bytes = Number(type.slice(1)), pixels = width * height;
  if (data.length !== pixels * bytes) {
    throw bad(
      `${data.length} bytes of masks`,
      `${pixels * bytes}, for ${width}×${height} pixels of ${type}`,
    );
  }
  return {
    ...{ width, height },
    read() {
      const view = new DataView(data.buffer, data.byteOffset, data.length);
      const values = new Uint32Array(pixels);
      let most = 0;
      for (let y = 0, at = 0; y < height; y++) {
        for (let x = 0; x < width; x++, at++) {
          const place = isFortran === true ? x * height + y : at;
          const value = read(view, place * bytes, order !== ">");
          if (!(value >= 0 && value <= most32)) {
            throw bad(`number ${value} in masks`, `0 to ${most32}`);
          }
          values[at] = value;
          if (value > most) most = value;
        }
      }
      // Never 8 bits: there, one number besides 0 would mean no instances.
      return most <= most16 ? Uint16Array.from(values) : values;
    },
  };
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1 &&
    Number(value) <= 2 ** 31;
}
