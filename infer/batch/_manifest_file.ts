import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { formatEvent, type ManifestEvent } from "./manifest_event.ts";
import { isStart, type ManifestContent } from "./read_manifest.ts";

/** A manifest that is open for appending. */
export class ManifestFile implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;

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
          found: "a last line that is no part of a manifest",
          expected: "events alone",
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
   *
   * @throws {FileError} If it cannot be written.
   */
  append(event: ManifestEvent): void {
    const bytes = new TextEncoder().encode(formatEvent(event));
    try {
      const { size } = this.#file.statSync();
      try {
        for (let done = 0; done < bytes.length;) {
          done += this.#file.writeSync(bytes.subarray(done));
        }
        this.#file.syncDataSync();
      } catch (cause) {
        this.#file.truncateSync(size);
        throw cause;
      }
    } catch (cause) {
      throw refusal(this.#path, cause);
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function refusal(path: string, cause: unknown): FileError {
  return new FileError(
    cannot("write", "manifest", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
