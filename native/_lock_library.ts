import { basename, dirname, join } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import { describeSystemFault, type FileLock, lockFile } from "@unet/files";
import type { InstallSteps, LibrarySubject } from "./library_installer.ts";

/** Milliseconds between looks at a lock that another process has. */
const pause = 100;

/**
 * Waits until no other process changes a library's folder. The system gives a
 * lock back when its process ends, however it ends; the lock's empty file
 * stays, for a process that waits for it may have it open.
 *
 * @param folder The library's folder in the cache.
 * @param options The library, for messages; progress and signal.
 * @returns The lock, given back when disposed.
 * @throws {DeviceError} If the cache cannot be written, or its file system has
 * no locks.
 */
export async function lockLibrary(
  folder: string,
  { subject, onProgress, signal }: Partial<InstallSteps> & {
    readonly subject: LibrarySubject;
  },
): Promise<Disposable> {
  for (;;) {
    const lock = await tryLock(folder, subject);
    if (lock?.isLocked) return lock;
    if (lock) {
      lock[Symbol.dispose]();
      throw unusable(subject, "a cache on a file system without locks");
    }
    onProgress?.({ stage: "waiting", bytes: 0 });
    await new Promise((done) => setTimeout(done, pause));
    signal?.throwIfAborted();
  }
}

async function tryLock(
  folder: string,
  subject: LibrarySubject,
): Promise<FileLock | null> {
  try {
    await Deno.mkdir(dirname(folder), { recursive: true });
    return await lockFile(join(dirname(folder), `.${basename(folder)}.lock`));
  } catch (cause) {
    throw unusable(
      subject,
      `a cache that cannot be written (${describeSystemFault(cause)})`,
      cause,
    );
  }
}

function unusable(
  { kind, name }: LibrarySubject,
  found: string,
  cause?: unknown,
): DeviceError {
  return new DeviceError(
    cannot("install", kind, name, {
      found,
      remedy: "set UNET_CACHE to another folder",
    }),
    { cause },
  );
}
