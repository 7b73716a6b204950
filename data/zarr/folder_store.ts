import { join, SEPARATOR } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { StoredFile, ZarrStore } from "./zarr_store.ts";

/** So deep do files of a hierarchy lie, and further links are not followed. */
const deepest = 32;

/** The files of a hierarchy in a folder. */
export class FolderStore implements ZarrStore {
  readonly path: string;
  readonly #root: string;
  readonly #seen = new Map<string, Deno.FileInfo>();

  /**
   * Opens a folder.
   *
   * @throws {FileError} If there is none.
   */
  constructor(path: string) {
    this.path = path;
    this.#root = attempt(path, () => Deno.realPathSync(path));
  }

  sizeOf(key: string): number | undefined {
    const path = this.#placeOf(key);
    return path === undefined
      ? undefined
      : attempt(path, () => Deno.statSync(path)).size;
  }

  read(key: string, offset: number, length: number): Promise<Uint8Array> {
    return Promise.try(() => {
      const path = this.#placeOf(key) ?? join(this.#root, key);
      return attempt(path, () => readPart(path, offset, length));
    });
  }

  *list(folder: string): Generator<StoredFile> {
    yield* this.#visit(folder, 0);
  }

  requireUnchanged(key: string): void {
    const path = join(this.#root, key);
    const now = attempt(path, () => Deno.statSync(path));
    const was = this.#seen.get(key);
    this.#seen.set(key, was ?? now);
    const isSame = !was || was.size === now.size && was.ino === now.ino &&
        was.mtime?.getTime() === now.mtime?.getTime();
    if (isSame) return;
    throw new FileError(cannot("read", "image", this.path, {
      found: "metadata that changed after it was opened",
      expected: "an image that does not change during reading",
      remedy: "start again once it is complete",
    }));
  }

  [Symbol.dispose](): void {}

  /**
   * The place of a file without links; undefined where there is none. What is
   * there and is no file is refused, for it would count as one that was not
   * stored.
   */
  #placeOf(key: string): string | undefined {
    const path = join(this.#root, key);
    let place: string;
    try {
      place = Deno.realPathSync(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) {
        this.#requireNoLink(key);
        return undefined;
      }
      if (cause instanceof Deno.errors.NotADirectory) return undefined;
      throw fault(path, cause);
    }
    if (!place.startsWith(this.#root + SEPARATOR)) {
      throw this.#refuse(`"${key}", a link that leads out of it`);
    }
    const { isFile, isDirectory } = attempt(path, () => Deno.statSync(place));
    if (isFile) return place;
    throw this.#refuse(`"${key}", ${isDirectory ? "a folder" : "no file"}`);
  }

  /** Refuses a link that leads nowhere, at a key that is not there or above. */
  #requireNoLink(key: string): void {
    const parts = key.split("/");
    for (let length = parts.length; length > 0; length--) {
      const above = parts.slice(0, length).join("/");
      const info = infoOf(join(this.#root, above), Deno.lstatSync);
      if (!info) continue;
      if (!info.isSymlink || infoOf(join(this.#root, above), Deno.statSync)) {
        return;
      }
      throw this.#refuse(`"${above}", a link that leads nowhere`);
    }
  }

  #refuse(found: string): FileError {
    return new FileError(
      cannot("read", "image", this.path, {
        found,
        expected: "files within it",
      }),
    );
  }

  *#visit(folder: string, depth: number): Generator<StoredFile> {
    const entries = attempt(
      this.path,
      () => [...Deno.readDirSync(join(this.#root, folder))],
    );
    for (const { name, isDirectory } of entries) {
      const key = folder === "" ? name : `${folder}/${name}`;
      if (isDirectory) {
        if (depth < deepest) yield* this.#visit(key, depth + 1);
        continue;
      }
      const info = attempt(
        this.path,
        () => Deno.lstatSync(join(this.#root, key)),
      );
      if (!info.isFile) continue;
      yield { key, size: info.size, modified: info.mtime?.getTime() ?? 0 };
    }
  }
}

/** What is at a path; undefined where nothing is. */
function infoOf(
  path: string,
  read: (path: string) => Deno.FileInfo,
): Deno.FileInfo | undefined {
  try {
    return read(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw fault(path, cause);
  }
}

function readPart(path: string, offset: number, length: number): Uint8Array {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
  if (offset > 0) file.seekSync(offset, Deno.SeekMode.Start);
  let done = 0;
  while (done < bytes.length) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fault(path, cause);
  }
}

function fault(path: string, cause: unknown): FileError {
  return new FileError(
    cannot("read", "image", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
