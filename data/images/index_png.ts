import { crc32 } from "node:zlib";

const signatureBytes = 8, headerEnd = 33, colorTypeAt = 25;

/**
 * Makes a PNG with a palette one of gray values that are its indices: the
 * image library gives colors alone. Nothing but the header changes.
 *
 * @param bytes A whole PNG of color type 3.
 */
export function withoutPalette(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  out.set(bytes.subarray(0, headerEnd));
  out[colorTypeAt] = 0;
  const view = new DataView(out.buffer);
  view.setUint32(headerEnd - 4, crc32(out.subarray(12, headerEnd - 4)));
  let end = headerEnd;
  for (const { type, chunk } of chunksOf(bytes, headerEnd)) {
    if (type === "PLTE" || type === "tRNS") continue;
    out.set(chunk, end);
    end += chunk.length;
  }
  return out.subarray(0, end);
}

/** Chunks that decide what a PNG shows, and how it is turned. */
const shown: ReadonlySet<string> = new Set([
  ...["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "eXIf"],
]);

/**
 * Leaves out of a PNG what says nothing of its pixels. The image library unpacks
 * all text and profiles, of which a small file can hold gigabytes.
 *
 * @param bytes A whole PNG.
 */
export function withoutText(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  out.set(bytes.subarray(0, signatureBytes));
  let end = signatureBytes;
  for (const { type, chunk } of chunksOf(bytes, signatureBytes)) {
    if (!shown.has(type)) continue;
    out.set(chunk, end);
    end += chunk.length;
  }
  return out.subarray(0, end);
}

/**
 * The colors of a PNG's palette by index, as `"#rrggbb"`.
 *
 * @param bytes A whole PNG of color type 3.
 */
export function paletteOf(bytes: Uint8Array): string[] {
  for (const { type, chunk } of chunksOf(bytes, signatureBytes)) {
    if (type !== "PLTE") continue;
    const colors = chunk.subarray(8, Math.min(chunk.length - 4, 8 + 3 * 256));
    return Array.from(
      { length: Math.floor(colors.length / 3) },
      (_, at) => `#${colors.subarray(3 * at, 3 * at + 3).toHex()}`,
    );
  }
  return [];
}

/**
 * The pieces of the compressed pixels of a PNG.
 *
 * @param bytes A whole PNG.
 */
export function pixelChunks(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (const { type, chunk } of chunksOf(bytes, signatureBytes)) {
    if (type === "IDAT") pieces.push(new Uint8Array(chunk.subarray(8, -4)));
  }
  return pieces;
}

function* chunksOf(
  bytes: Uint8Array,
  from: number,
): Generator<{ type: string; chunk: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 12 <= bytes.length;) {
    const end = Math.min(bytes.length, at + 12 + view.getUint32(at));
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { type, chunk: bytes.subarray(at, end) };
    at = end;
  }
}
