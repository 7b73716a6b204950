/**
 * What takes the place of `FileWriter` in a page, which has no disk: the same
 * writer of a file in memory.
 *
 * @module
 */
import { keepWritten } from "./written_files.ts";

/** Pieces have at most this many bytes, so that growing copies little. */
const pieceBytes = 1 << 22;

/** A file in memory that is written piece by piece and appears when it is finished. */
export class FileWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #thing: string;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #isOpen = true;

  private constructor(path: string, thing: string) {
    this.#path = path;
    this.#thing = thing;
  }

  /** Begins a file. */
  static open(path: string, thing = "file"): Promise<FileWriter> {
    return Promise.resolve(new FileWriter(path, thing));
  }

  /** How many bytes the file has so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds bytes at the end; they are copied.
   *
   * @throws {TypeError} If the file is finished or aborted.
   */
  write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    for (let done = 0; done < bytes.length;) {
      const at = this.#length % pieceBytes;
      if (at === 0) this.#pieces.push(new Uint8Array(pieceBytes));
      const part = bytes.subarray(done, done + pieceBytes - at);
      this.#pieces.at(-1)!.set(part, at);
      this.#length += part.length;
      done += part.length;
    }
    return Promise.resolve();
  }

  /**
   * Replaces bytes that are there already.
   *
   * @throws {RangeError} If they would reach beyond the end.
   * @throws {TypeError} If the file is finished or aborted.
   */
  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    this.#walk(
      "replace",
      position,
      bytes.length,
      (piece, at, done) =>
        piece.set(bytes.subarray(done, done + pieceBytes - at), at),
    );
    return Promise.resolve();
  }

  /**
   * Reads back what was written.
   *
   * @throws {RangeError} If it would reach beyond the end.
   * @throws {TypeError} If the file is finished or aborted.
   */
  readAt(position: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    this.#walk(
      "read back",
      position,
      length,
      (piece, at, done) =>
        bytes.set(piece.subarray(at, at + length - done), done),
    );
    return Promise.resolve(bytes);
  }

  /**
   * Keeps the file under its name.
   *
   * @throws {TypeError} If the file is finished or aborted.
   */
  finish(): Promise<void> {
    this.#checkOpen();
    const rest = this.#length % pieceBytes;
    const last = rest === 0 ? [] : [this.#pieces.pop()!.subarray(0, rest)];
    keepWritten(this.#path, new Blob([...this.#pieces, ...last]));
    return this.abort();
  }

  /** Forgets what was written; does nothing after the end. */
  abort(): Promise<void> {
    this.#isOpen = false;
    this.#pieces = [];
    return Promise.resolve();
  }

  /** Aborts, unless the file is finished. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.abort();
  }

  #walk(
    verb: string,
    position: number,
    length: number,
    work: (piece: Uint8Array, at: number, done: number) => void,
  ): void {
    this.#checkOpen();
    if (position < 0 || position + length > this.#length) {
      throw new RangeError(
        `Cannot ${verb} bytes: found ${length} at ${position}, expected them within ${this.#length}`,
      );
    }
    for (let done = 0; done < length;) {
      const at = (position + done) % pieceBytes;
      work(this.#pieces[Math.floor((position + done) / pieceBytes)]!, at, done);
      done += Math.min(length - done, pieceBytes - at);
    }
  }

  #checkOpen(): void {
    if (this.#isOpen) return;
    throw new TypeError(
      `Cannot write ${this.#thing} "${this.#path}": found it finished or aborted`,
    );
  }
}
