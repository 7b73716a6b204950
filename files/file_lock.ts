/** A lock that is held until it is disposed, or the process ends. */
export interface FileLock extends Disposable {
  /** Whether the file system knows locks; some network file systems do not. */
  readonly isLocked: boolean;
}

/**
 * Takes a lock that one process at a time can have, by an empty file. The file
 * stays when the lock is given back, for another process may have it open.
 *
 * @param path The lock's file, made where it is not there.
 * @returns The lock, or null if another process, or another part of this one,
 * has it.
 * @throws The system's own error, if the file cannot be made or locked.
 *
 * @example
 * ```ts
 * import { lockFile } from "@unet/files";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/.cache.lock`;
 * {
 *   using lock = await lockFile(path);
 *   assert(lock);
 *   assertEquals(await lockFile(path), null);
 * }
 * using lock = await lockFile(path);
 * assert(lock);
 * ```
 */
export async function lockFile(path: string): Promise<FileLock | null> {
  using stack = new DisposableStack();
  const file = stack.use(await Deno.open(path, { write: true, create: true }));
  const state = await tryLock(file);
  if (state === "taken") return null;
  stack.move();
  return {
    isLocked: state === "locked",
    [Symbol.dispose]() {
      // A child that another thread is just starting still has the file open:
      // closing it here would leave the lock with that child for a moment.
      if (state === "locked") file.unlockSync();
      file.close();
    },
  };
}

async function tryLock(
  file: Deno.FsFile,
): Promise<"locked" | "taken" | "unknown"> {
  try {
    return await file.tryLock(true) ? "locked" : "taken";
  } catch (cause) {
    // No locks available, no such function, no such operation.
    if (/\(os error (37|38|95)\)/.test(String(cause))) return "unknown";
    throw cause;
  }
}
