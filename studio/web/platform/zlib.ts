/**
 * What takes the place of `node:zlib` in a page: the functions of it that the
 * program calls there, by `fflate` and `fzstd`.
 *
 * @module
 */
import { Unzlib, Zlib, zlibSync } from "fflate";
import { Decompress } from "fzstd";

export {
  constants,
  deflate,
  gunzipSync,
  gzip,
  inflateRawSync,
  zstdDecompressSync,
} from "./absent.ts";
export { crc32 } from "./crc32.ts";

/** Packed bytes are unpacked in pieces of so many. */
const pieceBytes = 1 << 16;

/** Options of Node's functions. */
interface Limits {
  readonly maxOutputLength?: number;
}

type Done = (error: Error | null, bytes?: Uint8Array) => void;

/** Packs bytes. */
export function deflateSync(bytes: Uint8Array): Uint8Array {
  return zlibSync(bytes);
}

/** Unpacks bytes. */
export function inflateSync(
  bytes: Uint8Array,
  limits: Limits = {},
): Uint8Array {
  return unpack(bytes, limits, (onPiece) => new Unzlib(onPiece));
}

/** Unpacks bytes, and calls back. */
export function inflate(bytes: Uint8Array, limits: Limits, done: Done): void {
  callBack(() => inflateSync(bytes, limits), done);
}

/** Unpacks bytes of Zstandard, and calls back. */
export function zstdDecompress(
  bytes: Uint8Array,
  limits: Limits,
  done: Done,
): void {
  callBack(
    () => unpack(bytes, limits, (onPiece) => new Decompress(onPiece)),
    done,
  );
}

/** Packs what is written, piece by piece. */
export function createDeflate(): Deflate {
  return new Deflate();
}

/** The part of Node's stream that the writer of PNGs uses. */
export class Deflate {
  /** Whether all was written. */
  writableEnded = false;
  readonly #heard = new Map<string, (value?: Uint8Array) => void>();
  readonly #packer = new Zlib((bytes, isLast) => {
    if (bytes.length > 0) this.#heard.get("data")?.(bytes);
    if (isLast) this.#heard.get("end")?.();
  });

  /** Hears of bytes, and of the end. */
  on(event: string, hear: (value: Uint8Array) => void): this {
    this.#heard.set(event, hear as (value?: Uint8Array) => void);
    return this;
  }

  /** Hears of the end, or of an error, of which there is none. */
  once(event: string, hear: (value: unknown) => void): this {
    this.#heard.set(event, hear);
    return this;
  }

  /** Packs more bytes. */
  write(bytes: Uint8Array, done: (error?: Error) => void): void {
    this.#packer.push(bytes);
    done();
  }

  /** Packs the rest. */
  end(): this {
    this.writableEnded = true;
    this.#packer.push(new Uint8Array(0), true);
    return this;
  }

  /** Forgets who hears. */
  destroy(): void {
    this.#heard.clear();
  }
}

type OnPiece = (piece: Uint8Array, isLast?: boolean) => void;

function unpack(
  bytes: Uint8Array,
  { maxOutputLength = Infinity }: Limits,
  open: (onPiece: OnPiece) => {
    push(piece: Uint8Array, isLast?: boolean): void;
  },
): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const unpacker = open((piece) => {
    length += piece.length;
    if (length > maxOutputLength) {
      throw new RangeError(`more than ${maxOutputLength} bytes`);
    }
    pieces.push(piece);
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const end = Math.min(bytes.length, at + pieceBytes);
    unpacker.push(bytes.subarray(at, end), end === bytes.length);
  }
  if (pieces.length === 1) return pieces[0]!;
  const out = new Uint8Array(length);
  let to = 0;
  for (const piece of pieces) {
    out.set(piece, to);
    to += piece.length;
  }
  return out;
}

function callBack(work: () => Uint8Array, done: Done): void {
  let bytes: Uint8Array;
  try {
    bytes = work();
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)));
  }
  done(null, bytes);
}
