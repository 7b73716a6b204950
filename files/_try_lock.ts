/** What came of trying to lock a file. */
export type LockState = "locked" | "taken" | "unknown";

/** "No locks available", "no such function", "not supported", by system. */
const withoutLocks: Partial<Record<typeof Deno.build.os, RegExp>> = {
  darwin: /\(os error (9|45|77|78|102)\)/,
  windows: /\(os error (1|50)\)/,
};

/**
 * Tries to lock an open file.
 *
 * @returns Whether it is locked now, another has it, or the file system knows
 * no locks.
 */
export async function tryLock(file: Deno.FsFile): Promise<LockState> {
  try {
    return await file.tryLock(true) ? "locked" : "taken";
  } catch (cause) {
    // NFS locks no file exclusively that is open for reading alone: error 9.
    const none = withoutLocks[Deno.build.os] ?? /\(os error (9|37|38|95)\)/;
    if (none.test(String(cause))) return "unknown";
    throw cause;
  }
}

/** Whether a path still leads to an open file. */
export function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    const { dev, ino } = Deno.lstatSync(path);
    // Windows numbers no files, and keeps the name of one that is open.
    if (Deno.build.os === "windows") return true;
    const own = file.statSync();
    return dev === own.dev && ino === own.ino;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}
