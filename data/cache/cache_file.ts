import { crc32 } from "node:zlib";
import { cannot, FileError } from "@unet/errors";
import {
  describeSystemFault,
  parseJson,
  pathInfo,
  readFile,
  writeFile,
} from "@unet/files";
import type { Fault } from "../dataset/fault.ts";
import { modalities, type Modality } from "../dataset/modality.ts";
import type { IntensityRange } from "../images/rgb8.ts";
import type { Image } from "../types.ts";

/**
 * One case on the disk, uncompressed so that rows are read in place:
 *
 *     8 bytes   "UNETCASE"
 *     4 bytes   version
 *     4 bytes   length of the header
 *     4 bytes   CRC-32 of the header
 *     4 bytes   CRC-32 of all that follows the header
 *     header    JSON, a CacheHeader
 *     pixels    height · width · channels values of depth bits
 *     labels    height · width numbers of labelBytes bytes
 *
 * All numbers are little-endian.
 */
export interface CacheHeader {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** 1 or 3 of 8 bits; any number where `ranges` are there. */
  readonly channels: number;
  /** Bits a value; 8 if not given. Only separate channels have others. */
  readonly depth?: Image["depth"];
  /** The range of each of separate channels, over the whole image. */
  readonly ranges?: readonly IntensityRange[];
  readonly labelBytes: 1 | 2 | 4;
  readonly modality: Modality;
  readonly nuclei: number;
  /** The same for images with the same pixels. */
  readonly content: string;
  /** The share of the labeled pixels that are on objects. */
  readonly foreground: number;
  /** The share of the pixels that are labeled. */
  readonly labeled: number;
  /** How many pixels each class has, in a map of classes. */
  readonly classPixels?: readonly number[];
  /** The class of each instance, if objects have classes. */
  readonly objectClasses?: readonly number[];
  /** What there was to say of it; no errors. */
  readonly warnings: readonly Fault[];
}

/** Counts up when the layout or the meaning of its values changes. */
export const cacheVersion = 7;

const magic = new TextEncoder().encode("UNETCASE");
const prefixBytes = 24;
const maxHeaderBytes = 1 << 20;

/** Writes a case whole. */
export async function writeCacheFile(
  path: string,
  header: CacheHeader,
  pixels: Uint8Array,
  labels: Uint8Array | Uint16Array | Uint32Array,
): Promise<void> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const labelBytes = bytesOf(labels);
  const prefix = new Uint8Array(prefixBytes);
  prefix.set(magic);
  const view = new DataView(prefix.buffer);
  view.setUint32(8, cacheVersion, true);
  view.setUint32(12, json.length, true);
  view.setUint32(16, crc32(json), true);
  view.setUint32(20, crc32(labelBytes, crc32(pixels)), true);
  await writeFile(path, [prefix, json, pixels, labelBytes], "cached case");
}

/**
 * Reads a whole case and compares its checksums.
 *
 * @returns Its header; undefined where it is not there, damaged or of another
 * version, so that it has to be made again.
 */
export async function verifyCacheFile(
  path: string,
): Promise<CacheHeader | undefined> {
  if (!await isFile(path)) return undefined;
  const bytes = await readFile(path, "cached case");
  const start = parseStart(bytes);
  if (!start) return undefined;
  const payload = bytes.subarray(start.offset);
  return payload.length === payloadBytes(start.header) &&
      crc32(payload) === start.payloadCrc
    ? start.header
    : undefined;
}

/** An open case and where its pixels and labels start. */
export interface OpenCacheFile extends Disposable {
  readonly header: CacheHeader;
  readonly pixelsAt: number;
  readonly labelsAt: number;
  /** Reads so many bytes from a place. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
}

/**
 * Opens a case to read parts of it.
 *
 * @throws {FileError} If it is missing, damaged in its header or cut off.
 */
export function openCacheFile(path: string): OpenCacheFile {
  const file = open(path);
  try {
    const { size } = file.statSync();
    const read = (at: number, length: number) => readAt(file, at, length, path);
    // One read is enough for the prefix and any usual header.
    let bytes = read(0, Math.min(size, 512));
    const needed = neededBytes(bytes);
    if (needed > bytes.length && needed <= size) bytes = read(0, needed);
    const start = parseStart(bytes);
    if (!start || size !== start.offset + payloadBytes(start.header)) {
      throw damaged(path);
    }
    const { header, offset } = start;
    return {
      header,
      pixelsAt: offset,
      labelsAt: offset + pixelBytes(header),
      read,
      [Symbol.dispose]: () => file.close(),
    };
  } catch (cause) {
    file.close();
    throw cause;
  }
}

function open(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path);
  } catch (cause) {
    throw new FileError(
      cannot("read", "cached case", path, {
        found: describeSystemFault(cause),
        remedy: "start again to rebuild the cache",
      }),
      { cause },
    );
  }
}

function readAt(
  file: Deno.FsFile,
  at: number,
  length: number,
  path: string,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  file.seekSync(at, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) throw damaged(path);
    done += count;
  }
  return bytes;
}

function damaged(path: string): FileError {
  return new FileError(cannot("read", "cached case", path, {
    found: "a damaged file",
    expected: "the content written there",
    remedy: "start again to rebuild the cache",
  }));
}

/** How many bytes prefix and header take, as the prefix has it. */
function neededBytes(bytes: Uint8Array): number {
  if (bytes.length < prefixBytes) return prefixBytes;
  const length = new DataView(bytes.buffer).getUint32(12, true);
  return prefixBytes + Math.min(length, maxHeaderBytes);
}

function parseStart(
  bytes: Uint8Array,
): { header: CacheHeader; payloadCrc: number; offset: number } | undefined {
  if (bytes.length < prefixBytes) return undefined;
  if (!magic.every((byte, index) => bytes[index] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8, true) !== cacheVersion) return undefined;
  const offset = prefixBytes + view.getUint32(12, true);
  if (offset > bytes.length) return undefined;
  const json = bytes.subarray(prefixBytes, offset);
  if (crc32(json) !== view.getUint32(16, true)) return undefined;
  const header = parseHeader(new TextDecoder().decode(json));
  return header && { header, payloadCrc: view.getUint32(20, true), offset };
}

/** A header; undefined where it is none, for anybody can write a checksum. */
function parseHeader(text: string): CacheHeader | undefined {
  let value: unknown;
  try {
    value = parseJson(text, { deepest: 8 });
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  const header = (value ?? {}) as Partial<CacheHeader>;
  const { id, width, height, channels, labelBytes } = header;
  const { modality, nuclei, warnings, content, foreground } = header;
  const { depth = 8, ranges } = header;
  const isRight = typeof id === "string" &&
    [width, height].every((side) => isCount(side) && side > 0) &&
    (ranges === undefined
      ? depth === 8 && (channels === 1 || channels === 3)
      : [8, 16, 32].includes(depth) && isCount(channels) &&
        Array.isArray(ranges) && ranges.length === channels &&
        ranges.every(isRange)) &&
    (labelBytes === 1 || labelBytes === 2 || labelBytes === 4) &&
    modalities.includes(modality!) && isCount(nuclei) &&
    typeof content === "string" && Number.isFinite(foreground) &&
    Array.isArray(warnings) && warnings.every(isFault);
  return isRight ? header as CacheHeader : undefined;
}

function isRange(value: unknown): value is IntensityRange {
  const { low, high } = (value ?? {}) as Partial<IntensityRange>;
  return Number.isFinite(low) && Number.isFinite(high) && low! <= high!;
}

function isFault(value: unknown): value is Fault {
  const { kind, severity, message } = (value ?? {}) as Partial<Fault>;
  return typeof kind === "string" && typeof message === "string" &&
    (severity === "error" || severity === "warning");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

function payloadBytes(header: CacheHeader): number {
  const { width, height, labelBytes } = header;
  return pixelBytes(header) + width * height * labelBytes;
}

function pixelBytes({ width, height, channels, depth = 8 }: CacheHeader) {
  return width * height * channels * depth / 8;
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Whether a file is there. */
export async function isFile(path: string): Promise<boolean> {
  return (await pathInfo(path, "read", "cached case"))?.isFile ?? false;
}
