import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, type FileLock, lockFile } from "@unet/files";

/**
 * Keeps other processes from writing a manifest, by an empty file beside it:
 * where locks are binding, the manifest itself must stay readable.
 *
 * @throws {FileError} If another process has it, or the folder cannot be
 * written.
 */
export async function lockManifest(path: string): Promise<FileLock> {
  const lock = await lockFile(
    join(dirname(path), `.${basename(path, ".jsonl")}.lock`),
  ).catch((cause) => {
    throw new FileError(
      cannot("write", "manifest", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  });
  if (lock) return lock;
  throw new FileError(
    cannot("write", "manifest", path, {
      found: "another process that writes it",
      remedy: "wait for its end, or give each process a --shard of its own",
    }),
  );
}
