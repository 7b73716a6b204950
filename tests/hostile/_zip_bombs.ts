import { constants, deflateRawSync } from "node:zlib";
import { join } from "./_files.ts";

const mebi = 2 ** 20;

/** An entry of a zip, packed, and what the zip says of it. */
export interface ZipBomb {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly unpacked: number;
  readonly crc?: number;
}

/** Packs some bytes and so many megabytes of zeros after them. */
export function packedZeros(start: Uint8Array, megabytes: number): Uint8Array {
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const zeros = deflateRawSync(new Uint8Array(mebi), flush);
  return join([
    deflateRawSync(start, flush),
    ...Array.from({ length: megabytes }, () => zeros),
    Uint8Array.of(3, 0),
  ]);
}

/** A zip of packed entries; several may lie in the same bytes. */
export function zipOfPacked(
  bombs: readonly ZipBomb[],
  areShared = false,
): Uint8Array {
  const pieces: Uint8Array[] = [], directory: Uint8Array[] = [];
  let offset = 0;
  for (const [index, { name, packed, unpacked, crc = 0 }] of bombs.entries()) {
    const title = new TextEncoder().encode(name);
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true);
    common.setUint16(4, 8, true);
    common.setUint32(10, crc, true);
    common.setUint32(14, packed.length, true);
    common.setUint32(18, unpacked, true);
    common.setUint16(22, title.length, true);
    const shared = new Uint8Array(common.buffer);
    const place = new DataView(new ArrayBuffer(14));
    place.setUint32(10, areShared ? 0 : offset, true);
    directory.push(
      Uint8Array.of(80, 75, 1, 2, 20, 0),
      shared,
      new Uint8Array(place.buffer),
      title,
    );
    if (areShared && index > 0) continue;
    const local = join([Uint8Array.of(80, 75, 3, 4), shared, title, packed]);
    pieces.push(local);
    offset += local.length;
  }
  const listed = join(directory);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, bombs.length, true);
  end.setUint16(10, bombs.length, true);
  end.setUint32(12, listed.length, true);
  end.setUint32(16, offset, true);
  return join([...pieces, listed, new Uint8Array(end.buffer)]);
}

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** An image and seven masks, each of which says that it unpacks to so much. */
function eight(start: Uint8Array, megabytes: number): ZipBomb[] {
  const packed = packedZeros(start, megabytes);
  const unpacked = start.length + megabytes * mebi;
  return Array.from({ length: 8 }, (_, at) => ({
    name: at === 0 ? "a/images/a.png" : `a/masks/${at}.png`,
    packed,
    unpacked,
  }));
}

/** Zips that unpack to gigabytes, and what is found in each of their entries. */
export const zipBombs: Readonly<Record<string, [() => Uint8Array, RegExp]>> = {
  "eight gigabytes of zeros": [
    () => zipOfPacked(eight(new Uint8Array(1), 1000)),
    /found 1000 MB of an unknown format, expected PNG, JPEG/,
  ],
  "eight gigabytes that begin as PNGs do": [
    () => zipOfPacked(eight(bytesOf("\x89PNG\r\n\x1a\n"), 1000)),
    /found 1000 MB of a PNG in .+, expected at most 50 times the packed bytes; if the file is right, take it out of the zip/,
  ],
  "eight gigabytes that begin as TIFFs do": [
    () => zipOfPacked(eight(bytesOf("II*\0\x08\0\0\0"), 1000)),
    /found 1000 MB of a TIFF in .+, expected at most 100 times/,
  ],
  "two thousand entries in the same bytes": [
    () => {
      const [first] = eight(bytesOf("II*\0\x08\0\0\0"), 100);
      const names = Array.from(
        { length: 2000 },
        (_, at) => `a/masks/${at}.png`,
      );
      return zipOfPacked(names.map((name) => ({ ...first!, name })), true);
    },
    /a damaged archive \(entries that share bytes\)/,
  ],
};
