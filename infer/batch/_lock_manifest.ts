import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeHolder,
  describeSystemFault,
  type HeldLock,
  holdLock,
  howToEnd,
} from "@unet/files";

/** What a process does that has the lock. */
export const doing = "writing there";

/**
 * Keeps other processes from writing a manifest, by an empty file beside it:
 * where locks are binding, the manifest itself must stay readable.
 *
 * @throws {FileError} If another process has it, which the message names, or
 * the folder cannot be written.
 */
export async function lockManifest(path: string): Promise<HeldLock> {
  const file = join(dirname(path), `.${basename(path, ".jsonl")}.lock`);
  const result = await holdLock(file).catch((cause) => {
    throw new FileError(
      cannot("write", "manifest", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  });
  if ("lock" in result) return result.lock;
  const { holder } = result;
  throw new FileError(
    cannot("write", "manifest", path, {
      found: describeHolder(holder, doing),
      expected: "one process per manifest",
      remedy:
        `give each process a \`shard\` of its own, wait for it to end, or ${
          howToEnd(holder, file)
        }`,
    }),
  );
}
