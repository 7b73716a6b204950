import { dirname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { enterFolder } from "./_enter_folder.ts";
import { isSystemFault } from "./_is_system_fault.ts";
import { refuseTarget } from "./_refuse_target.ts";
import { Temporary } from "./_temporary.ts";
import { describeSystemFault } from "./system_fault.ts";

/** Small pieces are gathered to this many bytes before the system is called. */
const gathered = 1 << 18;

/**
 * A file that is written piece by piece and appears atomically: under
 * a temporary name beside its place until {@linkcode FileWriter.finish}
 * flushes it to the disk and renames it. With `await using`, an error in
 * between removes it. As with {@linkcode writeFile}, a symbolic link is
 * replaced, and a read-only file is not.
 *
 * @example
 * ```ts
 * import { FileWriter } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/deep/note.txt`;
 * await using file = await FileWriter.open(path, "note");
 * await file.write(new TextEncoder().encode("?ne "));
 * await file.write(new TextEncoder().encode("line\n"));
 * await file.writeAt(0, new TextEncoder().encode("o"));
 * await file.finish();
 * assertEquals(await Deno.readTextFile(path), "one line\n");
 * ```
 */
export class FileWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #thing: string;
  readonly #temporary: Temporary;
  #buffer = new Uint8Array(gathered);
  #held = 0;
  #written = 0;

  private constructor(path: string, thing: string, temporary: Temporary) {
    this.#path = path;
    this.#thing = thing;
    this.#temporary = temporary;
  }

  /**
   * Begins a file. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param thing What it is to the person who reads the message, as in "mask".
   * @returns The writer.
   * @throws {FileError} If no file can be made there, as where a folder or a
   * read-only file is.
   */
  static async open(path: string, thing = "file"): Promise<FileWriter> {
    const folder = dirname(path);
    try {
      await enterFolder(folder);
      await refuseTarget(path, thing);
      return new FileWriter(path, thing, await Temporary.open(folder));
    } catch (cause) {
      throw faultOf(cause, thing, path);
    }
  }

  /** How many bytes the file has so far. */
  get length(): number {
    return this.#written + this.#held;
  }

  /**
   * Adds bytes at the end. They are copied or written before the promise is
   * kept, so that the caller may use the array again.
   *
   * @param bytes The bytes.
   * @throws {FileError} If the system refuses; nothing of the file is left then.
   * @throws {TypeError} If the file is finished or aborted.
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    if (this.#held + bytes.length > gathered) await this.#flush();
    if (bytes.length > gathered) {
      await this.#try(() => this.#writeAll(bytes));
      this.#written += bytes.length;
    } else {
      this.#buffer.set(bytes, this.#held);
      this.#held += bytes.length;
    }
  }

  /**
   * Replaces bytes that are there already, as a header that depends on what came
   * after it.
   *
   * @param position The first byte replaced.
   * @param bytes The new bytes, none of them beyond the end.
   * @throws {FileError} If the system refuses; nothing of the file is left then.
   * @throws {RangeError} If they would reach beyond the end.
   * @throws {TypeError} If the file is finished or aborted.
   */
  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    if (position < 0 || position + bytes.length > this.length) {
      throw new RangeError(
        `Cannot replace bytes: found ${bytes.length} at ${position}, expected them within ${this.length}`,
      );
    }
    await this.#flush();
    await this.#try(async () => {
      await this.#temporary.file.seek(position, Deno.SeekMode.Start);
      await this.#writeAll(bytes);
      await this.#temporary.file.seek(this.#written, Deno.SeekMode.Start);
    });
  }

  /**
   * Reads back what was written, as when it has to be written differently.
   *
   * @param position The first byte.
   * @param length How many.
   * @returns The bytes.
   * @throws {FileError} If the system refuses; nothing of the file is left then.
   * @throws {RangeError} If they would reach beyond the end.
   * @throws {TypeError} If the file is finished or aborted.
   */
  async readAt(position: number, length: number): Promise<Uint8Array> {
    this.#checkOpen();
    if (position < 0 || position + length > this.length) {
      throw new RangeError(
        `Cannot read back bytes: found ${length} at ${position}, expected them within ${this.length}`,
      );
    }
    await this.#flush();
    const bytes = new Uint8Array(length);
    await this.#try(async () => {
      await this.#temporary.file.seek(position, Deno.SeekMode.Start);
      for (let done = 0; done < length;) {
        done += await this.#temporary.file.read(bytes.subarray(done)) ??
          Infinity;
      }
      await this.#temporary.file.seek(this.#written, Deno.SeekMode.Start);
    });
    return bytes;
  }

  /**
   * Flushes the file to the disk and gives it its name.
   *
   * @throws {FileError} If the system refuses; nothing of the file is left then.
   * @throws {TypeError} If the file is finished or aborted.
   */
  async finish(): Promise<void> {
    this.#checkOpen();
    await this.#flush();
    await this.#try(() => this.#temporary.moveTo(this.#path));
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    this.#temporary[Symbol.dispose]();
    await Promise.resolve();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  #checkOpen(): void {
    if (this.#temporary.isOpen) return;
    throw new TypeError(
      `Cannot write ${this.#thing} "${this.#path}": found it finished or aborted`,
    );
  }

  async #flush(): Promise<void> {
    if (this.#held === 0) return;
    await this.#try(() => this.#writeAll(this.#buffer.subarray(0, this.#held)));
    this.#written += this.#held;
    this.#held = 0;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += await this.#temporary.file.write(bytes.subarray(done));
    }
  }

  async #try(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (cause) {
      this.#temporary[Symbol.dispose]();
      throw faultOf(cause, this.#thing, this.#path);
    }
  }
}

function faultOf(cause: unknown, thing: string, path: string): unknown {
  if (!isSystemFault(cause)) return cause;
  return new FileError(
    cannot("write", thing, path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
