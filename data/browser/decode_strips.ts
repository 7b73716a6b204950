/**
 * What takes the place of `decodeStrips()` in a page, which has no image
 * library: LZW and PackBits.
 *
 * @module
 */
import { unpackLzw } from "./unpack_lzw.ts";
import { unpackPackBits } from "./unpack_pack_bits.ts";
import type { PackedPieces } from "../tiff/unpack_pieces.ts";

const unpackers: Readonly<Record<number, typeof unpackLzw>> = {
  5: unpackLzw,
  32773: unpackPackBits,
};

/**
 * Unpacks strips of bytes.
 *
 * @throws {Error} If one is damaged, too small, or holds pixels of JPEG or WebP.
 */
export function decodeStrips(
  { compression, width, rows, rowsPerPiece, pieces }: PackedPieces,
): Promise<Uint8Array<ArrayBuffer>> {
  const unpack = unpackers[compression];
  if (!unpack) {
    throw new Error("pixels of JPEG or WebP, which a page does not read");
  }
  const out = new Uint8Array(rows * width);
  for (const [index, piece] of pieces.entries()) {
    const first = index * rowsPerPiece;
    const part = out.subarray(
      first * width,
      Math.min(rows, first + rowsPerPiece) * width,
    );
    const length = unpack(piece, part);
    if (length < part.length) {
      throw new Error(`${length} bytes of ${part.length}`);
    }
  }
  return Promise.resolve(out);
}
