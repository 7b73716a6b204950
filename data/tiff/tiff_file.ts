import { cannot, FileError } from "@unet/errors";
import type { ByteSource } from "../images/byte_source.ts";

/**
 * Small reads are served from a piece of the file of this size: some
 * directories, which may lie anywhere.
 */
const pieceBytes = 16 * 1024;

/** An open TIFF, read by ranges. */
export class TiffFile implements Disposable {
  /** What messages call it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Whether numbers start with their low byte. */
  readonly littleEndian: boolean;
  /** Whether offsets have 8 bytes instead of 4. */
  readonly big: boolean;
  /** Bytes of an offset. */
  readonly wordBytes: 4 | 8;
  /** Where the first directory lies. */
  readonly firstDirectory: number;

  readonly #source: ByteSource;
  #piece = new Uint8Array(0);
  #pieceAt = 0;

  /**
   * Reads the header. The source stays the caller's until that is done.
   *
   * @throws {FileError} If it is not a TIFF's.
   */
  constructor(path: string, source: ByteSource) {
    this.path = path;
    this.#source = source;
    this.size = source.size;
    const start = this.read(0, Math.min(16, this.size));
    const view = viewOf(start);
    this.littleEndian = start[0] === 0x49;
    const version = start.length < 8 ? 0 : view.getUint16(2, this.littleEndian);
    this.big = version === 43;
    this.wordBytes = this.big ? 8 : 4;
    const isWhole = (version === 42 || version === 43) &&
      start.length >= (this.big ? 16 : 8) &&
      (!this.big || view.getUint16(4, this.littleEndian) === 8);
    if (!isWhole) throw this.damaged("no whole header");
    this.firstDirectory = this.big
      ? Number(view.getBigUint64(8, this.littleEndian))
      : view.getUint32(4, this.littleEndian);
  }

  /**
   * Reads bytes.
   *
   * @throws {FileError} If they do not all lie in the file.
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw this.damaged(
        `${length} bytes at ${offset} of a file of ${this.size}`,
      );
    }
    if (length > pieceBytes / 4) return this.#readFrom(offset, length);
    const end = this.#pieceAt + this.#piece.length;
    if (offset < this.#pieceAt || offset + length > end) {
      const size = Math.min(pieceBytes, this.size - offset);
      this.#piece = this.#readFrom(offset, size);
      this.#pieceAt = offset;
    }
    const from = offset - this.#pieceAt;
    return this.#piece.slice(from, from + length);
  }

  /**
   * Reads bytes as a view.
   *
   * @throws {FileError} If they do not all lie in the file.
   */
  view(offset: number, length: number): DataView {
    return viewOf(this.read(offset, length));
  }

  /**
   * Reads numbers of 1, 2, 4 or 8 bytes, without a sign.
   *
   * @throws {FileError} If they do not all lie in the file.
   */
  readNumbers(offset: number, bytes: number, count: number): Float64Array {
    const view = viewOf(this.read(offset, bytes * count));
    const isLittle = this.littleEndian;
    return Float64Array.from(
      { length: count },
      (_, at) =>
        bytes === 1
          ? view.getUint8(at)
          : bytes === 2
          ? view.getUint16(at * 2, isLittle)
          : bytes === 4
          ? view.getUint32(at * 4, isLittle)
          : Number(view.getBigUint64(at * 8, isLittle)),
    );
  }

  /**
   * Makes sure that the file is the one that was opened.
   *
   * @throws {FileError} If it is not.
   */
  requireUnchanged(): void {
    this.#source.requireUnchanged();
  }

  /** The error for a file that contradicts itself. */
  damaged(what: string, cause?: unknown): FileError {
    return new FileError(
      cannot("read", "image", this.path, {
        found: `a damaged TIFF (${what})`,
        expected: "a complete file",
        remedy: "get the file again",
      }),
      { cause },
    );
  }

  /** The error for a file that is right, but of a kind that is not read. */
  unreadable(found: string, expected: string, remedy?: string): FileError {
    return new FileError(cannot("read", "image", this.path, {
      found,
      expected,
      ...(remedy !== undefined && { remedy }),
    }));
  }

  /** Closes the file; once more does nothing. */
  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }

  #readFrom(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#source.read(offset, length);
    if (bytes.length === length) return bytes;
    throw this.damaged(
      `an end at ${offset + bytes.length} of ${this.size} bytes`,
    );
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
