import { relative } from "@std/path";

/** What a program asks of the system, in order, while it is recorded. */
export interface Recording extends Disposable {
  /** As in `sync a`, `rename a → b`, `remove a`, `mkdir a`. */
  readonly operations: string[];
}

/**
 * Records the calls that decide whether a power cut loses something: flushes,
 * renames, removals, new folders. The calls are carried out as they are.
 *
 * @param folder Paths are recorded relative to it, with `*` for UUIDs.
 */
export function recordOperations(folder: string): Recording {
  const operations: string[] = [];
  const nameOf = (path: string | URL): string =>
    (relative(folder, String(path)) || ".")
      .replace(/\.[0-9a-f-]{36}(-[0-9a-f]{8})?\./g, ".*.");
  const places = new WeakMap<Deno.FsFile, string>();
  const { open, openSync, rename, remove, removeSync, mkdir } = Deno;
  const { sync, syncSync, syncData, syncDataSync } = Deno.FsFile.prototype;
  const opened = (file: Deno.FsFile, path: string | URL): Deno.FsFile => {
    places.set(file, nameOf(path));
    return file;
  };
  Deno.open = async (path, options) => opened(await open(path, options), path);
  Deno.openSync = (path, options) => opened(openSync(path, options), path);
  Deno.rename = async (from, to) => {
    operations.push(`rename ${nameOf(from)} → ${nameOf(to)}`);
    await rename(from, to);
  };
  Deno.mkdir = async (path, options) => {
    operations.push(`mkdir ${nameOf(path)}`);
    await mkdir(path, options);
  };
  Deno.remove = async (path, options) => {
    operations.push(`remove ${nameOf(path)}`);
    await remove(path, options);
  };
  Deno.removeSync = (path, options) => {
    operations.push(`remove ${nameOf(path)}`);
    removeSync(path, options);
  };
  const record = (file: Deno.FsFile): void => {
    operations.push(`sync ${places.get(file)}`);
  };
  const { prototype } = Deno.FsFile;
  prototype.sync = async function () {
    record(this);
    await sync.call(this);
  };
  prototype.syncData = async function () {
    record(this);
    await syncData.call(this);
  };
  prototype.syncSync = function () {
    record(this);
    syncSync.call(this);
  };
  prototype.syncDataSync = function () {
    record(this);
    syncDataSync.call(this);
  };
  return {
    operations,
    [Symbol.dispose]() {
      Object.assign(Deno, { open, openSync });
      Object.assign(Deno, { rename, mkdir, remove, removeSync });
      Object.assign(prototype, { sync, syncSync, syncData, syncDataSync });
    },
  };
}
