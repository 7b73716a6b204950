import { createHash } from "node:crypto";
import { hashZarr, stampOfZarr } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/** Size and times of a file, a cheap test for changes. */
export interface Stamp {
  /** Bytes. */
  readonly size: number;
  /** When its content last changed, in milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Reads a file's size and time; of an image in an OME-Zarr, those of its files.
 *
 * @throws {FileError} If it is missing, no file, or not readable.
 *
 * @example
 * ```ts
 * import { readStamp } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "12345");
 * assertEquals((await readStamp(path)).size, 5);
 * ```
 */
export async function readStamp(path: string): Promise<Stamp> {
  try {
    return await stampOfZarr(path) ?? stampOf(path, await Deno.stat(path));
  } catch (cause) {
    throw asFileError(path, cause);
  }
}

/**
 * Hashes a file of any size, or the files of an image in an OME-Zarr, a
 * megabyte at a time.
 *
 * @param path The file.
 * @param signal Ends it early.
 * @returns The SHA-256 of its bytes, in hexadecimal, and its stamp.
 * @throws {FileError} If it cannot be read, or changes meanwhile.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import { hashFile } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * const { hash } = await hashFile(path);
 * assertEquals(hash.slice(0, 16), "e3b0c44298fc1c14");
 * ```
 */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
): Promise<Stamp & { readonly hash: string }> {
  try {
    const zarr = await stampOfZarr(path);
    if (zarr) {
      const hash = await hashZarr(path, signal);
      refuseChange(path, zarr, await readStamp(path));
      return { ...zarr, hash: hash! };
    }
    using file = await Deno.open(path, { read: true });
    const before = stampOf(path, await file.stat());
    const hash = createHash("sha256");
    const chunk = new Uint8Array(1 << 20);
    for (;;) {
      signal?.throwIfAborted();
      const count = await file.read(chunk);
      if (count === null) break;
      hash.update(chunk.subarray(0, count));
    }
    refuseChange(path, before, stampOf(path, await Deno.stat(path)));
    return { ...before, hash: hash.digest("hex") };
  } catch (cause) {
    if (signal?.aborted && cause === signal.reason) throw cause;
    throw asFileError(path, cause);
  }
}

/**
 * Makes sure that a file is what it was when its stamp was read.
 *
 * @param path The file.
 * @param before Its stamp then.
 * @throws {FileError} If it was replaced, changed or removed since.
 *
 * @example
 * ```ts
 * import { assertUnchanged, readStamp } from "@unet/infer/batch";
 * import { assertRejects } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * const stamp = await readStamp(path);
 * await assertUnchanged(path, stamp);
 * await Deno.writeTextFile(path, "another");
 * await assertRejects(() => assertUnchanged(path, stamp));
 * ```
 */
export async function assertUnchanged(
  path: string,
  before: Stamp,
): Promise<void> {
  refuseChange(path, before, await readStamp(path));
}

function refuseChange(path: string, before: Stamp, after: Stamp): void {
  if (before.size === after.size && before.modified === after.modified) return;
  throw new FileError(
    cannot("read", "image", path, {
      found: "a file that changed while it was read",
      remedy: "segment it again once it is complete",
    }),
  );
}

function stampOf(path: string, info: Deno.FileInfo): Stamp {
  if (!info.isFile) {
    throw new FileError(
      cannot("read", "image", path, {
        found: info.isDirectory ? "a folder" : "neither a file nor a folder",
      }),
    );
  }
  return { size: info.size, modified: info.mtime?.getTime() ?? 0 };
}

function asFileError(path: string, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  return new FileError(
    cannot("read", "image", path, { found: describeSystemFault(cause) }),
    { cause },
  );
}
