import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/** A lock that is held until it is disposed, or the process ends. */
export interface ManifestLock extends Disposable {
  /** Whether the file system knows locks; some network file systems do not. */
  readonly isLocked: boolean;
}

/**
 * Keeps other processes from writing a manifest, by an empty file beside it:
 * where locks are binding, the manifest itself must stay readable. The file
 * stays, for another process may have it open.
 *
 * @throws {FileError} If another process has it, or the folder cannot be
 * written.
 */
export async function lockManifest(path: string): Promise<ManifestLock> {
  let file: Deno.FsFile | undefined;
  try {
    const name = `.${basename(path, ".jsonl")}.lock`;
    file = await Deno.open(join(dirname(path), name), {
      write: true,
      create: true,
    });
    const isLocked = await lock(file, path);
    const held = file;
    return { isLocked, [Symbol.dispose]: () => held.close() };
  } catch (cause) {
    file?.close();
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("write", "manifest", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** Whether the system could lock it. */
async function lock(file: Deno.FsFile, path: string): Promise<boolean> {
  let isOurs: boolean;
  try {
    isOurs = await file.tryLock(true);
  } catch (cause) {
    // No locks available, no such function, no such operation.
    if (/\(os error (37|38|95)\)/.test(String(cause))) return false;
    throw cause;
  }
  if (isOurs) return true;
  throw new FileError(
    cannot("write", "manifest", path, {
      found: "another process that writes it",
      remedy: "wait for its end, or give each process a --shard of its own",
    }),
  );
}
