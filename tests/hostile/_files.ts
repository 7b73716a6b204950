import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** A gray gradient, as a PNG; another shift of columns makes another image. */
export async function goodPng(
  width = 40,
  height = 30,
  shift = 0,
): Promise<Uint8Array> {
  const data = Uint8Array.from(
    { length: width * height },
    (_, at) => ((at + shift) % width + at / width) % 256,
  );
  return await encode(data, width, height, 1).png().toBuffer();
}

/** A mask with a white square in its middle, as a PNG; or with none. */
export async function maskPng(
  width = 40,
  height = 30,
  isEmpty = false,
): Promise<Uint8Array> {
  const isInside = (at: number, of: number): boolean =>
    !isEmpty && at >= of / 4 && at < of * 3 / 4;
  const data = Uint8Array.from(
    { length: width * height },
    (_, at) =>
      isInside(at % width, width) && isInside(Math.floor(at / width), height)
        ? 255
        : 0,
  );
  return await encode(data, width, height, 1).png().toBuffer();
}

/** A 16-bit gray gradient, as a PNG. */
export async function grey16Png(): Promise<Uint8Array> {
  const data = Uint16Array.from({ length: 1200 }, (_, at) => at * 50);
  return await sharp(data, { raw: { width: 40, height: 30, channels: 1 } })
    .toColorspace("grey16").png().toBuffer();
}

/** A picture of four inks, as a JPEG. */
export async function cmykJpeg(): Promise<Uint8Array> {
  return await encode(colors(), 40, 30, 3).toColorspace("cmyk").jpeg()
    .toBuffer();
}

/** A picture of numbers that stand for colors, as a PNG. */
export async function palettePng(): Promise<Uint8Array> {
  return await encode(colors(), 40, 30, 3).png({ palette: true, colors: 8 })
    .toBuffer();
}

/** A picture with transparency, as a PNG. */
export async function alphaPng(): Promise<Uint8Array> {
  return await encode(colors(), 30, 30, 4).png().toBuffer();
}

/** A hundred kilobytes that unpack to 30,000 by 30,000 pixels. */
export function bombPng(): Uint8Array {
  const size = 30_000, row = 1 + size / 8;
  const rows = deflateSync(new Uint8Array(row * size));
  return pngOf({ width: size, height: size, depth: 1 }, rows);
}

/** A header that promises 30,000 by 30,000 pixels, and holds one. */
export function lyingPng(): Uint8Array {
  const rows = deflateSync(new Uint8Array(2));
  return pngOf({ width: 30_000, height: 30_000, depth: 8 }, rows);
}

function colors(): Uint8Array {
  return Uint8Array.from({ length: 3600 }, (_, at) => (at * 7) % 256);
}

function encode(
  data: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
) {
  return sharp(data, { raw: { width, height, channels } });
}

/** A PNG around compressed rows, whatever its header says. */
export function pngOf(
  { width, height, depth, colorType = 0 }: {
    readonly width: number;
    readonly height: number;
    readonly depth: number;
    /** 0 is gray, 2 color. */
    readonly colorType?: number;
  },
  rows: Uint8Array,
): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, depth);
  header.setUint8(9, colorType);
  return join([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("IDAT", rows),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** A chunk of a PNG, with its checksum. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = join([new TextEncoder().encode(type), data]);
  return join([bigEndian(data.length), named, bigEndian(crc32(named))]);
}

function bigEndian(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value);
  return new Uint8Array(view.buffer);
}

/** A zip of entries that are stored as they are, under any names. */
export function zipOf(
  entries: readonly (readonly [name: string, content: Uint8Array])[],
): Uint8Array {
  const pieces: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const [text, content] of entries) {
    const name = new TextEncoder().encode(text);
    const sizes = new DataView(new ArrayBuffer(26));
    sizes.setUint16(0, 20, true);
    sizes.setUint16(2, 0x800, true);
    sizes.setUint32(10, crc32(content), true);
    sizes.setUint32(14, content.length, true);
    sizes.setUint32(18, content.length, true);
    sizes.setUint16(22, name.length, true);
    const shared = new Uint8Array(sizes.buffer);
    const place = new DataView(new ArrayBuffer(14));
    place.setUint32(10, offset, true);
    directory.push(
      Uint8Array.of(80, 75, 1, 2, 20, 0),
      shared,
      new Uint8Array(place.buffer),
      name,
    );
    const local = join([Uint8Array.of(80, 75, 3, 4), shared, name, content]);
    pieces.push(local);
    offset += local.length;
  }
  const listed = join(directory);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, entries.length, true);
  end.setUint16(10, entries.length, true);
  end.setUint32(12, listed.length, true);
  end.setUint32(16, offset, true);
  return join([...pieces, listed, new Uint8Array(end.buffer)]);
}

/** Joins pieces. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    pieces.reduce((sum, one) => sum + one.length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
