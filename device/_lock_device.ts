import { basename, dirname, join } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import { describeSystemFault, type FileLock, lockFile } from "@unet/files";
import type { InstallSteps } from "./_installer.ts";

/** Milliseconds between looks at a lock that another process has. */
const pause = 100;

/**
 * Waits until no other process changes a device's folder. The system gives a
 * lock back when its process ends, however it ends; the lock's empty file
 * stays, for a process that waits for it may have it open.
 *
 * @param folder The device's folder in the cache.
 * @param options The device's name for messages, progress and signal.
 * @returns The lock, given back when disposed.
 * @throws {DeviceError} If the cache cannot be written, or its file system has
 * no locks.
 */
export async function lockDevice(
  folder: string,
  { name, onProgress, signal }: Partial<InstallSteps> & {
    readonly name: string;
  },
): Promise<Disposable> {
  for (;;) {
    const lock = await tryLock(folder, name);
    if (lock?.isLocked) return lock;
    if (lock) {
      lock[Symbol.dispose]();
      throw unusable(name, "a cache on a file system without locks");
    }
    onProgress?.({ stage: "waiting", bytes: 0 });
    await new Promise((done) => setTimeout(done, pause));
    signal?.throwIfAborted();
  }
}

async function tryLock(folder: string, name: string): Promise<FileLock | null> {
  try {
    await Deno.mkdir(dirname(folder), { recursive: true });
    return await lockFile(join(dirname(folder), `.${basename(folder)}.lock`));
  } catch (cause) {
    throw unusable(
      name,
      `a cache that cannot be written (${describeSystemFault(cause)})`,
      cause,
    );
  }
}

function unusable(name: string, found: string, cause?: unknown): DeviceError {
  return new DeviceError(
    cannot("install", "device", name, {
      found,
      remedy: "set UNET_CACHE to another folder",
    }),
    { cause },
  );
}
