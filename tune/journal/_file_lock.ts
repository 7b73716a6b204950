import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { basename } from "@std/path";

/**
 * How a lock file comes to be: as a symbolic link, which every file system
 * makes at once or not at all, or as a new file, which old NFS may make twice.
 * Each keeps out the other.
 */
export type LockKind = "symlink" | "exclusive";

/** How a lock is taken. */
export interface LockOptions {
  /** How its file is made. */
  readonly kind: LockKind;
  /** After how many seconds a lock that stays the same counts as left over. */
  readonly grace: number;
}

/** How long to wait between two tries, in milliseconds. */
const shortest = 1, longest = 50;

/**
 * Does something while no other process that keeps to the lock, Optuna's
 * included, does the like. A lock that nobody has renewed for the time of
 * grace was left by a process that died, and is taken over.
 *
 * @param path The file that is guarded; the lock is `<path>.lock` beside it.
 * @param act What to do, at once and in much less than the time of grace.
 * @returns What it gave.
 * @throws {FileError} If no lock can be made there.
 */
export async function withLock<Result>(
  path: string,
  { kind, grace }: LockOptions,
  act: () => Result,
): Promise<Result> {
  const lock = `${path}.lock`;
  let seen: string | null = null;
  let waited = 0;
  let pause = shortest;
  while (!take(path, lock, kind)) {
    const mark = markOf(lock);
    if (mark === null || mark !== seen) {
      seen = mark;
      waited = 0;
    } else if (waited > grace * 1000) {
      remove(lock, mark);
      pause = shortest;
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    // Not by the clock: it continues while a machine sleeps, holder and all.
    waited += pause;
    pause = Math.min(2 * pause, longest);
  }
  const own = markOf(lock);
  try {
    return act();
  } finally {
    // Another mark is of somebody who took the lock over.
    if (own !== null) remove(lock, own);
  }
}

/** Makes the lock's file; false if there is one. */
function take(path: string, lock: string, kind: LockKind): boolean {
  try {
    if (kind === "symlink") {
      // Beside each other, so that the link leads somewhere from any folder.
      Deno.symlinkSync(basename(path), lock);
    } else {
      Deno.openSync(lock, { write: true, createNew: true }).close();
    }
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists) return false;
    throw new FileError(
      cannot("lock", "journal", path, {
        found: describeSystemFault(cause),
        ...kind === "symlink" && !(cause instanceof Deno.errors.NotFound) && {
          remedy: "where links are not allowed, use the exclusive lock",
        },
      }),
      { cause },
    );
  }
}

/** Distinguishes one lock's file from the next; null if there is none. */
function markOf(lock: string): string | null {
  try {
    const { ino, mtime } = Deno.lstatSync(lock);
    return `${ino} ${mtime?.getTime()}`;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  }
}

/** Removes the lock's file, if it is the one that is meant. */
function remove(lock: string, mark: string): void {
  if (markOf(lock) !== mark) return;
  // By a name of its own, so that of many who remove it one does.
  const name = `${lock}${crypto.randomUUID()}.rename`;
  try {
    Deno.renameSync(lock, name);
    Deno.removeSync(name);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
