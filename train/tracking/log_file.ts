import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/**
 * A file that grows while others read it. Each call of `write` is one call of
 * the system, so that a process that is killed leaves whole pieces.
 */
export class LogFile implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Opens a file to add to.
   *
   * @param path The file, made where it is missing.
   * @throws {FileError} If the system refuses.
   */
  static async open(path: string): Promise<LogFile> {
    try {
      const file = await Deno.open(path, { append: true, create: true });
      return new LogFile(path, file);
    } catch (cause) {
      throw refused(path, cause);
    }
  }

  /**
   * Adds a piece.
   *
   * @throws {FileError} If the system refuses.
   */
  write(piece: Uint8Array): void {
    try {
      for (let done = 0; done < piece.length;) {
        done += this.#file.writeSync(piece.subarray(done));
      }
    } catch (cause) {
      throw refused(this.#path, cause);
    }
  }

  /**
   * Flushes all pieces to the disk.
   *
   * @throws {FileError} If the system refuses.
   */
  async flush(): Promise<void> {
    try {
      await this.#file.syncData();
    } catch (cause) {
      throw refused(this.#path, cause);
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function refused(path: string, cause: unknown): FileError {
  return new FileError(
    cannot("write", "log", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
