import { Buffer } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import { cannot, FileError } from "@unet/errors";
import { firstLine } from "./_first_line.ts";

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
const maxEntryBytes = 2 ** 30;

/** Deflate packs no more than this many bytes into one. */
const maxRatio = 1032;

const localHeaderBytes = 30;

/**
 * Reads an entry in place. The directory's sizes count, so that it does not
 * matter whether the local header has them.
 *
 * @param read Reads so many bytes from a place, fewer at the file's end.
 * @throws {FileError} If it is encrypted, packed otherwise, claims an absurd
 * size, or is not what the directory says.
 */
export function readZipEntry(
  entry: ZipEntry,
  read: (at: number, length: number) => Uint8Array,
): Uint8Array {
  const { path, offset, method, encrypted, packed, unpacked, crc } = entry;
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
  if (unpacked > maxEntryBytes || unpacked > 64 + packed * maxRatio) {
    throw unreadable(
      path,
      `${packed} bytes that claim to unpack to ${unpacked}`,
      `what deflate can do, and at most ${maxEntryBytes}`,
    );
  }
  const header = Buffer.from(read(offset, localHeaderBytes));
  if (
    header.length < localHeaderBytes || header.readUInt32LE(0) !== 0x04034b50 ||
    header.readUInt16LE(8) !== method
  ) {
    throw unreadable(path, "a damaged zip", "an entry where it lists one");
  }
  const skip = header.readUInt16LE(26) + header.readUInt16LE(28);
  const bytes = read(offset + localHeaderBytes + skip, packed);
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
      cause,
    );
  }
}

function unreadable(
  path: string,
  found: string,
  expected: string,
  cause?: unknown,
): FileError {
  const remedy = "make the zip again";
  return new FileError(
    cannot("read", "zip entry", path, { found, expected, remedy }),
    { cause },
  );
}
