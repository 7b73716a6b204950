import { loadSharp } from "../images/sharp.ts";
import { wrapStrips } from "./wrap_strips.ts";
import { plainBytes } from "./plain_bytes.ts";
import type { PackedPieces } from "./unpack_pieces.ts";

/**
 * Decodes strips by the image library.
 *
 * @throws {Error} If one is damaged, or is too small for what it is said to
 * hold.
 */
export async function decodeStrips(
  packed: PackedPieces,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, rows: height, rowsPerPiece, samples, pieces } = packed;
  const sharp = await loadSharp();
  const file = wrapStrips({
    ...packed,
    height,
    rowsPerStrip: rowsPerPiece,
    strips: pieces,
  });
  const { data, info } = await sharp(file, {
    failOn: "error",
    ignoreIcc: true,
    limitInputPixels: width * height,
  }).toColorspace(samples === 1 ? "b-w" : "srgb").raw()
    .toBuffer({ resolveWithObject: true });
  if (
    info.channels < samples || info.width !== width || info.height !== height
  ) {
    throw new Error(`${info.width}×${info.height}×${info.channels} pixels`);
  }
  if (info.channels === samples) return plainBytes(data);
  // Gray may come out tripled.
  const out = new Uint8Array(width * height * samples);
  for (let at = 0; at < out.length; at++) {
    const pixel = Math.floor(at / samples);
    out[at] = data[pixel * info.channels + at - pixel * samples]!;
  }
  return out;
}
