import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, pathInfo } from "@unet/files";

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
   * @throws {FileError} If a link or a folder is there, or the system refuses.
   */
  static async open(path: string): Promise<LogFile> {
    await requireNoLink(path);
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

/**
 * Refuses a link where a log is to be, or a folder: what it leads to is not the
 * run's.
 *
 * @param path The log.
 * @throws {FileError} If one of these is there.
 */
export async function requireNoLink(path: string): Promise<void> {
  const info = await pathInfo(path, "write", "log", { ofLink: true });
  if (!info || info.isFile) return;
  throw new FileError(cannot("write", "log", path, {
    found: info.isSymlink ? "a link" : "no file",
    expected: "the run's own file",
    remedy: "remove it, or leave out this log",
  }));
}

function refused(path: string, cause: unknown): FileError {
  return new FileError(
    cannot("write", "log", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
