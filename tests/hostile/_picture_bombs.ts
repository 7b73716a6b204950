import { crc32 } from "node:zlib";
import sharp from "sharp";

/** A small black picture. */
function black(): ReturnType<typeof sharp> {
  return sharp({
    create: { width: 64, height: 64, channels: 3, background: "black" },
  });
}

/** A PNG whose header says another size. */
async function png(width: number, height: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await black().png().toBuffer());
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  return bytes;
}

/** A JPEG whose header says another size. */
async function jpeg(
  width: number,
  height: number,
  progressive = false,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(await black().jpeg({ progressive }).toBuffer());
  const frame = bytes.findIndex((byte, at) =>
    byte === 0xff && bytes[at + 1] === (progressive ? 0xc2 : 0xc0)
  );
  const view = new DataView(bytes.buffer);
  view.setUint16(frame + 5, height);
  view.setUint16(frame + 7, width);
  return bytes;
}

/** A GIF whose screen and frame are of another size. */
async function gif(width: number, height: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await black().gif().toBuffer());
  const view = new DataView(bytes.buffer);
  const frame = bytes.findIndex((byte, at) =>
    at > 13 && byte === 0x2c && view.getUint16(at + 5, true) === 64 &&
    view.getUint16(at + 7, true) === 64
  );
  for (const at of [6, frame + 5]) {
    view.setUint16(at, width, true);
    view.setUint16(at + 2, height, true);
  }
  return bytes;
}

/** A lossless WebP of another size; each side takes 14 bits, less one. */
async function webP(width: number, height: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(
    await black().webp({ lossless: true }).toBuffer(),
  );
  const at = new TextDecoder("latin1").decode(bytes).indexOf("VP8L") + 9;
  const view = new DataView(bytes.buffer);
  const rest = view.getUint32(at, true) & 0xf0000000;
  view.setUint32(at, (rest | (height - 1) << 14 | (width - 1)) >>> 0, true);
  return bytes;
}

/** Small pictures that say they are large, and what is found in them. */
export const pictureBombs: Readonly<
  Record<string, [() => Promise<Uint8Array>, RegExp]>
> = {
  "a PNG of 16,000×16,000 pixels": [
    () => png(16_000, 16_000),
    /a damaged PNG \(\d+ bytes for 16000×16000 pixels\)/,
  ],
  "a PNG of 2,000,000,000 columns": [
    () => png(2_000_000_000, 1),
    /2000000000×1 pixels, expected at most 268435456/,
  ],
  "a JPEG of 16,000×16,000 pixels": [
    () => jpeg(16_000, 16_000),
    /a damaged JPEG \(\d+ bytes for 16000×16000 pixels\)/,
  ],
  "a progressive JPEG of 12,000×8,000 pixels": [
    () => jpeg(12_000, 8_000, true),
    /a damaged JPEG \(\d+ bytes for 12000×8000 pixels\)/,
  ],
  "a GIF of 16,000×16,000 pixels": [
    () => gif(16_000, 16_000),
    /found 1.9 GB of pixels in .+ of file/,
  ],
  "a WebP of 16,383×16,383 pixels": [
    () => webP(16_383, 16_383),
    /found 1.7 GB of pixels in .+ of file/,
  ],
};
