import { crc32, deflateRawSync, deflateSync } from "node:zlib";
import { join, pngOf } from "./_files.ts";
import { grayTags, handmadeTiff } from "./_tiff.ts";
import { packedZeros, type ZipBomb } from "./_zip_bombs.ts";

/** Rows of a strip. */
const rowsPerStrip = 100;

/** A right TIFF of black pixels in deflated strips, a thousandth of their size. */
export function blackTiff(side: number, big = false): Uint8Array {
  const strip = deflateSync(new Uint8Array(side * rowsPerStrip));
  const count = Math.ceil(side / rowsPerStrip), header = big ? 16 : 8;
  const strips = Array.from({ length: count }, () => strip);
  return handmadeTiff({
    big,
    directories: [[
      ...grayTags(side, count * rowsPerStrip, rowsPerStrip),
      [257, 4, [side]],
      [259, 3, [8]],
      [273, 4, strips.map((_, at) => header + at * strip.length)],
      [279, 4, strips.map(({ length }) => length)],
    ]],
    data: join(strips),
  });
}

/** A right PNG of black pixels. */
export function blackPng(side: number): Uint8Array {
  const bytes = (side + 1) * side, whole = 2 ** 20;
  const raw = packedZeros(
    new Uint8Array(bytes % whole),
    Math.floor(bytes / whole),
  );
  // The checksum of zeros is their number, after a 1.
  const sum = new DataView(new ArrayBuffer(4));
  sum.setUint16(0, bytes % 65521);
  sum.setUint16(2, 1);
  const rows = join([
    Uint8Array.of(0x78, 0x9c),
    raw,
    new Uint8Array(sum.buffer),
  ]);
  return pngOf({ width: side, height: side, depth: 8 }, rows);
}

/** Four black images with black masks, as entries of a zip. */
export function fourPairs(file: Uint8Array, ending: string): ZipBomb[] {
  const entry = {
    packed: deflateRawSync(file),
    unpacked: file.length,
    crc: crc32(file),
  };
  return Array.from({ length: 8 }, (_, at) => ({
    name: `${at < 4 ? "images" : "masks"}/${at % 4}.${ending}`,
    ...entry,
  }));
}
