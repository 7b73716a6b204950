import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf } from "@unet/files";
import { formatEvent, type ManifestEvent } from "./manifest_event.ts";
import { isStart, type ManifestContent } from "./read_manifest.ts";

/** A line that waits to be on the disk, and who waits for it. */
interface Line extends Pick<PromiseWithResolvers<void>, "resolve" | "reject"> {
  readonly bytes: Uint8Array;
}

/** A manifest that is open for appending. */
export class ManifestFile implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #waiting: Line[] = [];
  #isWriting = false;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Opens it, or makes it, and removes a last line that a kill cut off.
   *
   * @param path The manifest.
   * @param content What is in it, if it is there.
   * @throws {FileError} If it cannot be opened, or ends in something foreign.
   */
  static async open(
    path: string,
    content: ManifestContent | undefined,
  ): Promise<ManifestFile> {
    const torn = content?.torn ?? "";
    if (!isStart(torn)) {
      throw new FileError(
        cannot("write", "manifest", path, {
          found: "a last line that is not part of a manifest",
          expected: "only events",
          remedy: "remove that line",
        }),
      );
    }
    try {
      const file = await Deno.open(path, { append: true, create: true });
      if (torn !== "") await file.truncate(content!.wholeBytes);
      return new ManifestFile(path, file);
    } catch (cause) {
      throw refusal(path, cause);
    }
  }

  /**
   * Appends a line and flushes it; where that fails, nothing of it is left.
   * Lines that come while others are flushed are written and flushed together.
   *
   * @returns A promise that is kept once the line is on the disk.
   * @throws {FileError} If it cannot be written, or its path leads elsewhere
   * by now, for the output folder was removed or replaced.
   */
  append(event: ManifestEvent): Promise<void> {
    const bytes = new TextEncoder().encode(formatEvent(event));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ bytes, resolve, reject });
    if (!this.#isWriting) this.#writeWaiting();
    return promise;
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(concat(lines.map(({ bytes }) => bytes)));
        await this.#requireInPlace();
        for (const { resolve } of lines) resolve();
      } catch (cause) {
        const error = cause instanceof FileError
          ? cause
          : refusal(this.#path, cause);
        for (const { reject } of lines) reject(error);
      }
    }
    this.#isWriting = false;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { size } = await this.#file.stat();
    try {
      for (let done = 0; done < bytes.length;) {
        done += await this.#file.write(bytes.subarray(done));
      }
      await this.#file.syncData();
    } catch (cause) {
      await this.#file.truncate(size);
      throw cause;
    }
  }

  /** A file that was removed is written without an error, and lost. */
  async #requireInPlace(): Promise<void> {
    const own = await this.#file.stat(), there = await infoOf(this.#path);
    // Windows numbers no files, and keeps the name of one that is open.
    const isSame = there?.dev === own.dev && there.ino === own.ino;
    if (there && (isSame || Deno.build.os === "windows")) return;
    throw new FileError(
      cannot("write", "manifest", this.#path, {
        found: `the output folder or this file ${
          there === null ? "removed" : "replaced"
        } while the run wrote there`,
        expected: "both in place until the run ends",
        remedy: "run the command again to write the missing files",
      }),
    );
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function refusal(path: string, cause: unknown): FileError {
  return new FileError(
    cannot("write", "manifest", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
