/** What the segments of a JPEG say about it. */
export interface JpegHeader {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Values per pixel. */
  readonly samples: number;
  /** EXIF's number: 1 is upright. */
  readonly orientation: number;
  /** The same file without its profile and EXIF, which change decoded pixels. */
  readonly plain: Uint8Array<ArrayBuffer>[];
}

/** EXIF and ICC profiles. */
const left: ReadonlySet<number> = new Set([0xe1, 0xe2]);

/** Reads the segments before the pixels; undefined where they are damaged. */
export function readJpegHeader(
  bytes: Uint8Array<ArrayBuffer>,
): JpegHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plain = [bytes.subarray(0, 2)];
  let orientation = 1;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    // A marker may be preceded by any number of these bytes.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1) {
      orientation = orientationIn(bytes.subarray(at + 4, end)) ?? orientation;
    }
    if (isFrame(marker)) {
      plain.push(bytes.subarray(at));
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        samples: bytes[at + 9]!,
        ...{ orientation, plain },
      };
    }
    if (!left.has(marker)) plain.push(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

/** Whether a segment begins a frame, and not tables that share its numbers. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 &&
    marker !== 0xc8 && marker !== 0xcc;
}

/** The orientation in a segment of EXIF, which is a small TIFF. */
function orientationIn(segment: Uint8Array): number | undefined {
  if (String.fromCharCode(...segment.subarray(0, 4)) !== "Exif") {
    return undefined;
  }
  const tiff = segment.subarray(6);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return undefined;
  const isLittle = tiff[0] === 0x49, start = view.getUint32(4, isLittle);
  if (start + 2 > tiff.length) return undefined;
  const count = view.getUint16(start, isLittle);
  for (let entry = 0; entry < count; entry++) {
    const at = start + 2 + 12 * entry;
    if (at + 12 > tiff.length) return undefined;
    if (view.getUint16(at, isLittle) !== 274) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
