import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/** Small reads are served from a piece of the file of this size. */
const pieceBytes = 64 * 1024;

/** An open TIFF, read by ranges; knows whether it is still the same file. */
export class TiffFile implements Disposable {
  /** What messages call it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Whether numbers start with their low byte. */
  readonly littleEndian: boolean;
  /** Whether offsets have 8 bytes instead of 4. */
  readonly big: boolean;
  /** Where the first directory lies. */
  readonly firstDirectory: number;

  readonly #file: Deno.FsFile;
  readonly #opened: Deno.FileInfo;
  #piece = new Uint8Array(0);
  #pieceAt = 0;
  #isClosed = false;

  /**
   * Opens a file and reads its header.
   *
   * @throws {FileError} If it cannot be read or its header is not a TIFF's.
   */
  constructor(path: string) {
    this.path = path;
    this.#file = attempt(path, () => Deno.openSync(path));
    try {
      this.#opened = attempt(path, () => this.#file.statSync());
      this.size = this.#opened.size;
      const start = this.read(0, Math.min(16, this.size));
      const view = viewOf(start);
      this.littleEndian = start[0] === 0x49;
      const version = start.length < 8 ? 0 : view.getUint16(
        2,
        this.littleEndian,
      );
      this.big = version === 43;
      const isWhole = (version === 42 || version === 43) &&
        start.length >= (this.big ? 16 : 8) &&
        (!this.big || view.getUint16(4, this.littleEndian) === 8);
      if (!isWhole) throw this.damaged("no whole header");
      this.firstDirectory = this.big
        ? Number(view.getBigUint64(8, this.littleEndian))
        : view.getUint32(4, this.littleEndian);
    } catch (error) {
      this.#file.close();
      throw error;
    }
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
   * Makes sure that under the path there still is what was opened: the same
   * file, its size and its time of change.
   *
   * @throws {FileError} If there is not.
   */
  requireUnchanged(): void {
    const now = attempt(this.path, () => Deno.statSync(this.path));
    const was = this.#opened;
    const isSame = now.size === was.size && now.ino === was.ino &&
      now.dev === was.dev && now.mtime?.getTime() === was.mtime?.getTime();
    if (isSame) return;
    throw new FileError(cannot("read", "image", this.path, {
      found: "another file than when it was opened",
      expected: "one that stays as it is while it is read",
      remedy: "start again when it is written",
    }));
  }

  /** The error for a file that contradicts itself. */
  damaged(what: string, cause?: unknown): FileError {
    return new FileError(
      cannot("read", "image", this.path, {
        found: `a damaged TIFF (${what})`,
        expected: "a whole file",
        remedy: "get the file again",
      }),
      { cause },
    );
  }

  /** The error for a file that is right, but of a kind that is not read. */
  unreadable(found: string, expected: string): FileError {
    return new FileError(
      cannot("read", "image", this.path, { found, expected }),
    );
  }

  /** Closes the file; once more does nothing. */
  [Symbol.dispose](): void {
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
  }

  #readFrom(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    let done = 0;
    attempt(this.path, () => {
      this.#file.seekSync(offset, Deno.SeekMode.Start);
      while (done < length) {
        const count = this.#file.readSync(bytes.subarray(done));
        if (count === null) break;
        done += count;
      }
    });
    if (done < length) {
      throw this.damaged(`an end at ${offset + done} of ${this.size} bytes`);
    }
    return bytes;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Does what touches the disk, and words what the system has against it. */
function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new FileError(
      cannot("read", "image", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
