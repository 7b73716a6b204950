import { inflate, zstdDecompress } from "node:zlib";
import { promisify } from "node:util";
import { decodeStrips } from "./decode_strips.ts";
import { plainBytes } from "./plain_bytes.ts";

/** Pieces of an image that lie below one another, as they are stored. */
export interface PackedPieces {
  /** TIFF's number of the compression. */
  readonly compression: number;
  /** TIFF's number of the color model. */
  readonly photometric: number;
  /** Pixels per row. */
  readonly width: number;
  /** Rows of each piece but the last. */
  readonly rowsPerPiece: number;
  /** Rows of all pieces together. */
  readonly rows: number;
  /** Bytes per row once unpacked. */
  readonly rowBytes: number;
  /** Values a pixel. */
  readonly samples: number;
  /** Tables that JPEG pieces share. */
  readonly jpegTables?: Uint8Array | undefined;
  /** The compressed bytes of each. */
  readonly pieces: readonly Uint8Array[];
}

const none = 1, lzw = 5, jpeg = 7, deflate = 8, oldDeflate = 32946;
const packBits = 32773, zstd = 50000, webP = 50001;

/** The compressions that are unpacked piece by piece. */
export const unpackable: ReadonlySet<number> = new Set([
  ...[none, lzw, jpeg, deflate, oldDeflate, packBits, zstd, webP],
]);

/** Whether stored bytes can become so many; more is a lie. */
export function isPossible(
  compression: number,
  stored: number,
  unpacked: number,
): boolean {
  return unpacked <= 4096 + stored * mostBytesPerByte(compression);
}

/** How many bytes a byte becomes at most. */
function mostBytesPerByte(compression: number): number {
  if (compression === none) return 1;
  if (compression === packBits) return 64;
  return compression === zstd || compression === webP ? 50_000 : 2_000;
}

/** Whether a compression keeps pixels, not bytes. */
export function isPicture(compression: number): boolean {
  return compression === jpeg || compression === webP;
}

const inflateBytes = promisify(inflate) as Unpack;
const unpackZstd = promisify(zstdDecompress) as Unpack;
type Unpack = (
  bytes: Uint8Array,
  options: { maxOutputLength: number; chunkSize: number },
) => Promise<Uint8Array>;

/** Unpacked bytes come in pieces of this size, or as one where they are fewer. */
const largestChunk = 4 * 2 ** 20;

/**
 * Unpacks pieces into the bytes of their rows, `rows · rowBytes`.
 *
 * Deflate and Zstandard are undone by the runtime, all else by the image
 * library: pixels of JPEG and WebP, bytes of LZW and PackBits as if each were
 * a gray pixel, so that any number of samples and bits passes through it.
 *
 * @throws {Error} If a piece is damaged, or is too small for what it is said
 * to hold.
 */
export async function unpackPieces(
  packed: PackedPieces,
): Promise<Uint8Array<ArrayBuffer>> {
  const { compression, rows, rowBytes, rowsPerPiece, pieces } = packed;
  const stored = pieces.reduce((sum, { length }) => sum + length, 0);
  if (!isPossible(compression, stored, rows * rowBytes)) {
    throw new Error(`${rows * rowBytes} bytes in ${stored}`);
  }
  if (compression === lzw || compression === packBits) {
    return await decodeStrips({
      ...packed,
      width: rowBytes,
      samples: 1,
      photometric: 1,
      jpegTables: undefined,
    });
  }
  if (isPicture(compression)) return await decodeStrips(packed);
  const unpacked = await Promise.all(pieces.map((piece) => {
    const maxOutputLength = rowsPerPiece * rowBytes;
    const chunkSize = Math.max(64, Math.min(maxOutputLength, largestChunk));
    const limits = { maxOutputLength, chunkSize };
    return compression === none
      ? piece
      : compression === zstd
      ? unpackZstd(piece, limits)
      : inflateBytes(piece, limits);
  }));
  const [first] = unpacked;
  // A large piece is not held twice.
  if (unpacked.length === 1 && first!.length === rows * rowBytes) {
    return plainBytes(first!);
  }
  const out = new Uint8Array(rows * rowBytes);
  for (const [index, bytes] of unpacked.entries()) {
    const first = index * rowsPerPiece;
    const length = Math.min(rowsPerPiece, rows - first) * rowBytes;
    if (bytes.length < length) {
      throw new Error(`${bytes.length} bytes of ${length}`);
    }
    out.set(bytes.subarray(0, length), first * rowBytes);
  }
  return out;
}
