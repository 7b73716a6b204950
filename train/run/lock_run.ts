import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeHolder,
  describeSystemFault,
  describeWeakLock,
  holdLock,
  type HoldResult,
  howToEnd,
  makeFolder,
} from "@unet/files";

/** The lock on a run folder, held until it is disposed. */
export interface RunLock extends AsyncDisposable {
  /**
   * What a person should know, where the lock may not keep everybody out: the
   * file system knows no locks, or a process on another machine noted itself
   * here and never took that back.
   */
  readonly warning: string | null;
}

/**
 * Makes this process the only one that trains into a run folder, until the
 * lock is disposed or the process ends, however it ends. Whoever only reads the
 * run, as to segment with it, needs no lock.
 *
 * The folder is made where it is missing, and removed again if it is still
 * empty when the lock is given back.
 *
 * @param path The run folder, or where it will be.
 * @returns The lock.
 * @throws {FileError} If another process trains into it: the message names that
 * process; or if the folder cannot be made or written into.
 *
 * @example
 * ```ts
 * import { lockRun } from "@unet/train";
 * import { FileError } from "@unet/errors";
 * import { assertRejects } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/first`;
 * await using _lock = await lockRun(path);
 * await assertRejects(() => lockRun(path), FileError, `process ${Deno.pid}`);
 * ```
 */
export async function lockRun(path: string): Promise<RunLock> {
  const { result, made } = await enter(path);
  if ("holder" in result) throw held(path, result.holder);
  const { lock } = result;
  return {
    warning: describeWeakLock(lock, "The run", doing),
    async [Symbol.asyncDispose]() {
      lock[Symbol.dispose]();
      await removeEmpty(made);
    },
  };
}

/**
 * Says who trains into a run folder now.
 *
 * @param path The run folder.
 * @returns The process, in words, or null where there is none.
 * @throws {FileError} If the folder cannot be written into.
 *
 * @example
 * ```ts
 * import { describeTrainer, lockRun } from "@unet/train";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const path = await Deno.makeTempDir();
 * assertEquals(await describeTrainer(path), null);
 * await using _lock = await lockRun(path);
 * assertMatch(String(await describeTrainer(path)), /^process \d+ /);
 * ```
 */
export async function describeTrainer(path: string): Promise<string | null> {
  const result = await hold(path);
  if ("holder" in result) return describeHolder(result.holder, doing);
  result.lock[Symbol.dispose]();
  return null;
}

const doing = "training there";

function lockFileOf(path: string): string {
  return join(path, ".lock");
}

/** Makes the folder and takes its lock. */
async function enter(
  path: string,
): Promise<{ result: HoldResult; made: readonly string[] }> {
  for (;;) {
    const made = await makeFolder(path).catch(({ cause }: FileError) => {
      throw refused(path, cause);
    });
    try {
      return { result: await holdLock(lockFileOf(path)), made };
    } catch (cause) {
      // Another process found nothing to do there, and removed it.
      if (!(cause instanceof Deno.errors.NotFound)) throw refused(path, cause);
    }
  }
}

async function hold(path: string): Promise<HoldResult> {
  try {
    return await holdLock(lockFileOf(path));
  } catch (cause) {
    throw refused(path, cause);
  }
}

function refused(path: string, cause: unknown): FileError {
  return new FileError(
    cannot("write into", "run", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}

function held(
  path: string,
  holder: Parameters<typeof describeHolder>[0],
): FileError {
  return new FileError(
    cannot("train into", "run", path, {
      found: describeHolder(holder, doing),
      expected: "one process per run",
      remedy: `wait for it to end, or save and ${
        howToEnd(holder, lockFileOf(path))
      }`,
    }),
  );
}

/** Removes folders as long as they are empty. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  try {
    for (const folder of folders) await Deno.remove(folder);
  } catch {
    // Something is in it now.
  }
}
