/** The image formats that are read. */
export type ImageFormat = "PNG" | "JPEG" | "WebP" | "TIFF" | "GIF";

/** The formats by name, for messages. */
export const readableFormats = "PNG, JPEG, TIFF, WebP or GIF";

const formats: readonly (readonly [ImageFormat, string])[] = [
  ["PNG", "\x89PNG\r\n\x1a\n"],
  ["JPEG", "\xff\xd8\xff"],
  ["TIFF", "II*\0"],
  ["TIFF", "MM\0*"],
  ["TIFF", "II+\0"],
  ["TIFF", "MM\0+"],
  ["GIF", "GIF87a"],
  ["GIF", "GIF89a"],
];

const others: readonly (readonly [string, string])[] = [
  ["a BMP image", "BM"],
  ["a PDF document", "%PDF"],
  ["a zip archive", "PK\x03\x04"],
  ["a gzip archive", "\x1f\x8b"],
  ["a JPEG 2000 image", "\0\0\0\x0cjP  "],
  ["a JPEG XL image", "\xff\x0a"],
  ["an OpenEXR image", "\x76\x2f\x31\x01"],
  ["an HDF5 file", "\x89HDF\r\n\x1a\n"],
  ["a NumPy array", "\x93NUMPY"],
];

/** Finds the format by the first bytes, whatever the file is called. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  if (startsWith(bytes, "RIFF") && startsWith(bytes.subarray(8), "WEBP")) {
    return "WebP";
  }
  return formats.find(([, start]) => startsWith(bytes, start))?.[0];
}

/** Says in words what bytes are that are no image, for the place after "found". */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  if (startsWith(bytes.subarray(4), "ftyp")) return "a HEIF or AVIF image";
  const known = others.find(([, start]) => startsWith(bytes, start));
  if (known) return known[0];
  const start = bytes.subarray(0, 512);
  if (start.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))) {
    const text = new TextDecoder().decode(start);
    return /<svg[\s>]/.test(text) ? "an SVG drawing" : "a text file";
  }
  return "an unknown format";
}

/** Whether decoding gives other values than were encoded. */
export function isLossy(bytes: Uint8Array): boolean {
  return formatOf(bytes) === "JPEG" ||
    (formatOf(bytes) === "WebP" && startsWith(bytes.subarray(12), "VP8 "));
}

/** Chunks iCCP, iTXt and zTXt of a PNG. */
const packedTextTypes: ReadonlySet<number> = new Set([
  ...[0x69434350, 0x69545874, 0x7a545874],
]);

/** The facts in the chunks of a PNG. */
export interface PngHeader {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bits a value: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 gray, 2 color, 3 palette, 4 gray with alpha, 6 color with alpha. */
  readonly colorType: number;
  /** Whether its pixels come in seven passes, of which the last has most. */
  readonly isInterlaced: boolean;
  /** Bytes of compressed pixels. */
  readonly packed: number;
  /** Whether it has text or a profile that is compressed. */
  readonly hasPackedText: boolean;
  /** Whether it has a chunk of EXIF. */
  readonly hasExif: boolean;
  /** Whether the closing chunk is there. */
  readonly complete: boolean;
}

/** Reads the header of a PNG; undefined where it has none. */
export function readPngHeader(bytes: Uint8Array): PngHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452) return undefined;
  let complete = false, hasExif = false, hasPackedText = false, packed = 0;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at), type = view.getUint32(at + 4);
    const end = at + 12 + length;
    hasExif ||= type === 0x65584966;
    hasPackedText ||= packedTextTypes.has(type);
    if (type === 0x49444154) packed += length;
    complete = type === 0x49454e44 && end <= bytes.length;
    if (complete) break;
    at = end;
  }
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24]!,
    colorType: bytes[25]!,
    isInterlaced: bytes[28] === 1,
    packed,
    hasPackedText,
    hasExif,
    complete,
  };
}

function startsWith(bytes: Uint8Array, start: string): boolean {
  if (bytes.length < start.length) return false;
  for (let index = 0; index < start.length; index++) {
    if (bytes[index] !== start.charCodeAt(index)) return false;
  }
  return true;
}
