import { Buffer } from "node:buffer";
import { constants, crc32, inflateRawSync } from "node:zlib";
import { cannot, FileError } from "@unet/errors";
import { sizeInWords } from "../images/decode_budget.ts";
import { firstLine } from "../images/first_line.ts";
import {
  describeBytes,
  formatOf,
  readableFormats,
} from "../images/image_format.ts";
import { unreadFormatOf } from "../images/unread_format.ts";

/** What a zip's directory says of an entry. */
export interface ZipEntry {
  /** Its path for messages. */
  readonly path: string;
  /** Where its local header starts. */
  readonly offset: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly unpacked: number;
  readonly crc: number;
}

/** The most bytes that one entry may unpack to. */
export const largestEntry = 2 ** 30;

/** Deflate packs no more than this many bytes into one. */
const maxRatio = 1032;

/** A larger entry is looked at before all of it is unpacked. */
const unquestioned = 2 ** 24;

/** How many times its bytes an entry may unpack to, by size and format. */
const likely = {
  /** Compressed images hardly shrink, unless all of one color. */
  picture: 50,
  /** An uncompressed mask may be all black. */
  tiff: maxRatio,
  /** So may one that is larger, but most are not. */
  largeTiff: 100,
} as const;

/** Above this size a TIFF is large. */
export const largeTiff = 2 ** 28;

/** Bytes at the beginning that say what an entry is. */
const headBytes = 2 ** 12;

/** Bytes of an entry's header in front of its name. */
export const localHeaderBytes = 30;

/**
 * Reads an entry in place. The directory's sizes count, so that it does not
 * matter whether the local header has them.
 *
 * @param read Reads so many bytes from a place, fewer at the file's end.
 * @param options Whether a large entry that is no image is refused.
 * @throws {FileError} If it is encrypted, packed otherwise, claims an absurd
 * size, or is not what the directory says.
 */
export function readZipEntry(
  entry: ZipEntry,
  read: (at: number, length: number) => Uint8Array,
  { holdsImages = true } = {},
): Uint8Array {
  const { path, method, encrypted, packed, unpacked, crc } = entry;
  if (encrypted) {
    throw unreadable(path, "an encrypted entry", "one without a password");
  }
  if (method !== 0 && method !== 8) {
    throw unreadable(
      path,
      `compression method ${method}`,
      "a stored or deflated entry",
    );
  }
  if (unpacked > largestEntry || unpacked > 64 + packed * maxRatio) {
    throw unreadable(
      path,
      `${packed} bytes that claim to unpack to ${unpacked}`,
      `what deflate can do, and at most ${largestEntry}`,
    );
  }
  const start = startOf(entry, read);
  if (holdsImages && unpacked > unquestioned) {
    const head = read(start, Math.min(packed, headBytes));
    requireLikely(entry, method === 0 ? head : inflateStart(head, path));
  }
  const bytes = read(start, packed);
  const content = method === 0 ? bytes : inflate(bytes, unpacked, path);
  if (content.length !== unpacked || crc32(content) !== crc) {
    throw unreadable(
      path,
      `${content.length} bytes of another checksum`,
      `the ${unpacked} bytes that the zip lists`,
    );
  }
  return content;
}

/**
 * Reads a part of a stored entry in place. Its checksum, which is of the whole,
 * is not compared.
 *
 * @throws {FileError} If it is not what the directory says.
 */
export function readStoredPart(
  entry: ZipEntry,
  read: (at: number, length: number) => Uint8Array,
  { at, length }: { readonly at: number; readonly length: number },
): Uint8Array {
  const rest = Math.max(0, Math.min(length, entry.packed - at));
  return read(startOf(entry, read) + at, rest);
}

/** Where the bytes of an entry begin. */
function startOf(
  { path, offset, method }: ZipEntry,
  read: (at: number, length: number) => Uint8Array,
): number {
  const header = Buffer.from(read(offset, localHeaderBytes));
  if (
    header.length < localHeaderBytes || header.readUInt32LE(0) !== 0x04034b50 ||
    header.readUInt16LE(8) !== method
  ) {
    throw unreadable(path, "a damaged zip", "an entry where it lists one");
  }
  const skip = header.readUInt16LE(26) + header.readUInt16LE(28);
  return offset + localHeaderBytes + skip;
}

/**
 * Refuses a large entry by its first bytes, where it is no image or packs so
 * well that it hardly is one.
 */
function requireLikely(
  { path, packed, unpacked }: ZipEntry,
  start: Uint8Array,
): void {
  const format = formatOf(start);
  if (!format) {
    throw unreadable(
      path,
      `${sizeInWords(unpacked)} of ${
        unreadFormatOf(start, path)?.words ?? describeBytes(start)
      }`,
      readableFormats,
    );
  }
  const times = format !== "TIFF"
    ? likely.picture
    : unpacked > largeTiff
    ? likely.largeTiff
    : likely.tiff;
  if (unpacked <= packed * times) return;
  throw unreadable(
    path,
    `${sizeInWords(unpacked)} of a ${format} in ${sizeInWords(packed)}`,
    `at most ${times} times the packed bytes`,
    { remedy: "if the file is right, take it out of the zip" },
  );
}

/** What the first bytes unpack to. */
function inflateStart(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return inflateRawSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: headBytes * maxRatio + unquestioned,
    });
  } catch (cause) {
    throw unreadable(path, `damaged data (${firstLine(cause)})`, "an image", {
      cause,
    });
  }
}

function inflate(bytes: Uint8Array, size: number, path: string): Uint8Array {
  try {
    const content = inflateRawSync(bytes, {
      maxOutputLength: Math.max(1, size),
    });
    return new Uint8Array(
      content.buffer,
      content.byteOffset,
      content.byteLength,
    );
  } catch (cause) {
    throw unreadable(
      path,
      `damaged data (${firstLine(cause)})`,
      `${size} bytes`,
      { cause },
    );
  }
}

function unreadable(
  path: string,
  found: string,
  expected: string,
  { remedy = "make the zip again", cause }: {
    readonly remedy?: string;
    readonly cause?: unknown;
  } = {},
): FileError {
  return new FileError(
    cannot("read", "zip entry", path, { found, expected, remedy }),
    { cause },
  );
}
