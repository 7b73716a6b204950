import { isAt, tryLock } from "./_try_lock.ts";

/** A lock that is held until it is disposed, or the process ends. */
export interface FileLock extends Disposable {
  /** Whether the file system knows locks; some network file systems do not. */
  readonly isLocked: boolean;
}

/**
 * Takes a lock that one process at a time can have, by an empty file. The
 * system frees the lock when the process ends, however it ends; the file that
 * a killed process leaves stops nobody. A lock that is disposed removes its
 * file, except on Windows, where others may have it open.
 *
 * @param path The lock's file, made where it is missing.
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
  for (;;) {
    using stack = new DisposableStack();
    const file = stack.use(await open(path));
    const state = await tryLock(file);
    if (state === "taken") return null;
    // Whoever had the lock before may have removed the file meanwhile: a lock
    // on a file without a name keeps nobody out.
    if (state === "locked" && !isAt(path, file)) continue;
    stack.move();
    return {
      isLocked: state === "locked",
      [Symbol.dispose]() {
        if (state === "locked") release(path, file);
        else file.close();
      },
    };
  }
}

/** Opens the lock's file, also where another user made it. */
async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, create: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.PermissionDenied)) throw cause;
    return await Deno.open(path).catch(() => {
      throw cause;
    });
  }
}

/** Gives a lock back; removes its file first, while nobody else can have it. */
function release(path: string, file: Deno.FsFile): void {
  try {
    if (Deno.build.os !== "windows" && isAt(path, file)) Deno.removeSync(path);
  } catch {
    // A file that stays stops nobody.
  }
  // A child that another thread is just starting still has the file open:
  // closing it here would leave the lock with that child for a moment.
  file.unlockSync();
  file.close();
}
