import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { enterFolder } from "./_enter_folder.ts";
import { isSystemFault } from "./_is_system_fault.ts";
import { setAside } from "./_set_aside.ts";
import { Temporary } from "./_temporary.ts";
import { flushFolder } from "./flush_folder.ts";
import { infoOf } from "./info_of.ts";
import { removeFolder } from "./remove_folder.ts";
import { describeSystemFault } from "./system_fault.ts";

/** Files that are flushed at the same time. */
const atOnce = 8;

/**
 * A folder of files that belong together, written one by one: under a
 * temporary name beside its place until {@linkcode FolderWriter.finish} gives
 * it its name. With `await using`, an error in between removes it.
 *
 * A folder that is there is replaced at the end. A kill in that moment may
 * leave neither, but never a part of one. Unlike {@linkcode replaceFolder}, it
 * takes no names beside the place: `PATH.old` may be a person's.
 *
 * @example
 * ```ts
 * import { FolderWriter } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.zarr`;
 * await using writer = await FolderWriter.open(path);
 * await writer.write("0/zarr.json", new TextEncoder().encode("{}"));
 * await writer.finish();
 * assertEquals(await Deno.readTextFile(`${path}/0/zarr.json`), "{}");
 * ```
 */
export class FolderWriter implements AsyncDisposable {
  /** Where the files are written for now. */
  readonly folder: string;
  readonly #path: string;
  readonly #thing: string;
  /** Locked as long as the folder is ours, and named like it. */
  readonly #mark: Temporary;
  /** Files in it, to flush them. */
  readonly #files: string[] = [];
  /** Folders in it that were made, to flush them. */
  readonly #folders = new Set<string>();
  /** Files that are being written. */
  readonly #pending = new Set<Promise<void>>();
  /** The removal, or the end; unset while files can be written. */
  #end: Promise<void> | undefined;

  private constructor(path: string, thing: string, mark: Temporary) {
    this.folder = folderOf(mark);
    this.#path = path;
    this.#thing = thing;
    this.#mark = mark;
  }

  /**
   * Begins a folder. Missing folders above are made.
   *
   * @param path The folder, replaced at the end if it is there.
   * @param thing What it is to the person who reads the message, as in
   * "labels".
   * @returns The writer.
   * @throws {FileError} If no folder can be made there, as where a file or a
   * read-only folder is.
   */
  static async open(path: string, thing = "folder"): Promise<FolderWriter> {
    const place = join(dirname(path), basename(path));
    try {
      await enterFolder(dirname(place));
      await refuseOther(place, thing);
      using stack = new DisposableStack();
      const mark = stack.use(await Temporary.open(dirname(place)));
      const writer = new FolderWriter(place, thing, mark);
      await Deno.mkdir(writer.folder);
      stack.move();
      return writer;
    } catch (cause) {
      throw faultOf(cause, thing, place);
    }
  }

  /**
   * Writes a file. Several may be written at a time.
   *
   * @param name Its path in the folder, with "/"; folders are made.
   * @param bytes What it holds.
   * @throws {FileError} If the system refuses; nothing of the folder is left
   * then, nor of files that were being written beside this one.
   * @throws {TypeError} If the folder is finished or aborted.
   */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    const file = this.#writeFile(join(this.folder, name), bytes);
    this.#pending.add(file);
    try {
      await file;
    } catch (cause) {
      await this.abort();
      throw faultOf(cause, this.#thing, this.#path);
    } finally {
      this.#pending.delete(file);
    }
  }

  async #writeFile(path: string, bytes: Uint8Array): Promise<void> {
    const folder = dirname(path);
    if (!this.#folders.has(folder)) {
      await Deno.mkdir(folder, { recursive: true });
      this.#noteFolders(folder);
    }
    using file = await Deno.open(path, { write: true, createNew: true });
    for (let done = 0; done < bytes.length;) {
      done += await file.write(bytes.subarray(done));
    }
    this.#files.push(path);
  }

  /**
   * Flushes the folder to the disk and gives it its name.
   *
   * @throws {FileError} If the system refuses; what was there stays then, and
   * nothing of this one is left.
   * @throws {TypeError} If it is finished or aborted.
   */
  async finish(): Promise<void> {
    this.#checkOpen();
    try {
      await this.#flush();
      await putInPlace(this.folder, this.#path);
    } catch (cause) {
      throw faultOf(cause, this.#thing, this.#path);
    } finally {
      await this.abort();
    }
  }

  /** Removes what was written; does nothing after the end. */
  abort(): Promise<void> {
    return this.#end ??= this.#remove();
  }

  async #remove(): Promise<void> {
    using _mark = this.#mark;
    // A file that is still being written would make the folder again.
    await Promise.allSettled(this.#pending);
    try {
      await removeFolder(this.folder);
    } catch (cause) {
      throw faultOf(cause, this.#thing, this.#path);
    }
  }

  /** Aborts, unless the folder is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  /** Flushes all files at the end, when the system has written most of them. */
  async #flush(): Promise<void> {
    for (let from = 0; from < this.#files.length; from += atOnce) {
      const some = this.#files.slice(from, from + atOnce);
      await Promise.all(some.map(async (path) => {
        using file = await Deno.open(path, { write: true });
        await file.sync();
      }));
    }
    for (const folder of this.#folders) await flushFolder(folder);
    await flushFolder(this.folder);
  }

  /** Notes a folder that was made, and those above it. */
  #noteFolders(folder: string): void {
    for (
      let above = folder;
      above !== this.folder && !this.#folders.has(above);
      above = dirname(above)
    ) this.#folders.add(above);
  }

  #checkOpen(): void {
    if (!this.#end) return;
    throw new TypeError(
      `Cannot write ${this.#thing} "${this.#path}": found it finished or aborted`,
    );
  }
}

/** The folder that a temporary file marks. */
function folderOf({ path }: Temporary): string {
  return path.replace(/part$/, "new");
}

/** Gives a complete folder its name, in the place of what has it. */
async function putInPlace(fresh: string, place: string): Promise<void> {
  const before = await infoOf(place, { ofLink: true });
  if (!before) {
    await Deno.rename(fresh, place);
    await flushFolder(dirname(place));
    return;
  }
  if (!before.isDirectory) {
    // A link; what it leads to stays.
    await Deno.remove(place);
    await Deno.rename(fresh, place);
    await flushFolder(dirname(place));
    return;
  }
  using mark = await Temporary.open(dirname(place));
  const aside = folderOf(mark);
  await setAside(place, aside);
  try {
    await Deno.rename(fresh, place);
  } catch (cause) {
    await Deno.rename(aside, place);
    throw cause;
  }
  await flushFolder(dirname(place));
  await removeFolder(aside);
}

/**
 * Refuses a place where a file is, or a folder that somebody has made
 * read-only.
 *
 * @throws {FileError} If it is one of these.
 */
async function refuseOther(place: string, thing: string): Promise<void> {
  const info = await infoOf(place, { ofLink: true });
  if (!info || info.isSymlink) return;
  const { isDirectory, mode } = info;
  const found = !isDirectory
    ? "a file of that name"
    : mode !== null && (mode & 0o222) === 0
    ? "a read-only folder"
    : undefined;
  if (found === undefined) return;
  throw new FileError(
    cannot("write", thing, place, {
      found,
      remedy: "move it away or choose another name",
    }),
  );
}

function faultOf(cause: unknown, thing: string, path: string): unknown {
  if (!isSystemFault(cause)) return cause;
  return new FileError(
    cannot("write", thing, path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
