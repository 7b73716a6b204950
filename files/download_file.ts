import { createHash } from "node:crypto";
import { basename, dirname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { isSystemFault } from "./_is_system_fault.ts";
import { makeFolders } from "./_make_folders.ts";
import { isAt, tryLock } from "./_try_lock.ts";
import { flushFolder } from "./flush_folder.ts";
import { describeSystemFault } from "./system_fault.ts";

/** Options of {@linkcode downloadFile}: checks and progress. */
export interface DownloadOptions {
  /** The SHA-256 of the file in hexadecimal digits, or the first 8 or more. */
  readonly sha256: string;
  /** What it is to the person who reads a message; "file" by default. */
  readonly thing?: string;
  /** The most bytes taken; 4 GiB by default. */
  readonly maximalBytes?: number;
  /**
   * Called with each piece.
   *
   * @param done Bytes that are there.
   * @param all Bytes in all, or null if the server does not say.
   */
  readonly onProgress?: (done: number, all: number | null) => void;
  /** Ends the download; what is there stays, for the next one to continue. */
  readonly signal?: AbortSignal;
}

/** How often a download that broke off is taken up again. */
const attempts = 4;

/** A fault that another attempt may not meet. */
class BrokenOff extends Error {}

/**
 * Downloads a file so that it appears atomically, and only if its
 * checksum is right. What came of an attempt that broke off stays in
 * `PATH.part`, and the next continues from there. Of two processes that
 * download one file, the second waits for the first. Deno's `fetch` respects the
 * variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.
 *
 * @param url Where from.
 * @param path Where to; missing folders are made.
 * @param options The checksum, and whom to report to.
 * @throws {FileError} If there is no connection, the server refuses, the file
 * is another one than it should be, or it cannot be written. The message says
 * where to put the file by hand.
 * @throws {RangeError} If the checksum is no 8 to 64 hexadecimal digits.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import { downloadFile } from "@unet/files";
 * import { FileError } from "@unet/errors";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => downloadFile("data:,hello", "/dev/null/x", { sha256: "2cf24dba" }),
 *   FileError,
 * );
 * ```
 */
export async function downloadFile(
  url: string,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const { sha256, thing = "file", signal } = options;
  if (!/^[0-9a-f]{8,64}$/i.test(sha256)) {
    throw new RangeError(
      `Cannot check a download: found SHA-256 "${sha256}", expected 8 to 64 hexadecimal digits`,
    );
  }
  const part = `${path}.part`;
  const bad = (found: string, cause?: unknown, expected?: string) =>
    new FileError(
      cannot("download", thing, url, {
        found,
        ...(expected && { expected }),
        remedy: `download it elsewhere and put it at ${path}`,
      }),
      { cause },
    );
  try {
    await makeFolders(dirname(path));
    const { file, hasWaited } = await openPart(part, options);
    using _file = file;
    if (hasWaited && await isRight(path, sha256)) {
      await Deno.remove(part);
      return;
    }
    for (let attempt = 1;; attempt++) {
      try {
        await fetchPart(url, { file, part }, options, bad);
        break;
      } catch (cause) {
        signal?.throwIfAborted();
        if (!(cause instanceof BrokenOff)) throw cause;
        if (attempt === attempts) throw bad(cause.message, cause);
      }
    }
    const found = await hashOf(file);
    if (!found.startsWith(sha256.toLowerCase())) {
      await Deno.remove(part);
      throw bad(`a file of SHA-256 ${found}`, undefined, `${sha256}…`);
    }
    await file.sync();
    await Deno.rename(part, path);
    await flushFolder(dirname(path));
  } catch (cause) {
    if (signal?.aborted || !isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("write", thing, path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** Milliseconds between two looks at a download that another process has. */
const pause = 200;

/**
 * Opens what is there of a file, and locks it. Where another process downloads
 * it, its end is waited for, and how far it is reported.
 */
async function openPart(
  part: string,
  { onProgress, signal }: DownloadOptions,
): Promise<{ file: Deno.FsFile; hasWaited: boolean }> {
  for (let hasWaited = false;; hasWaited = true) {
    signal?.throwIfAborted();
    using stack = new DisposableStack();
    const file = stack.use(
      await Deno.open(part, { read: true, write: true, create: true }),
    );
    const state = await tryLock(file);
    // One that is in its place meanwhile, or removed, is not this one.
    if (state === "unknown" || state === "locked" && isAt(part, file)) {
      stack.move();
      return { file, hasWaited };
    }
    if (state === "locked") continue;
    onProgress?.((await file.stat()).size, null);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Whether a file is there, and the right one. */
async function isRight(path: string, sha256: string): Promise<boolean> {
  try {
    using file = await Deno.open(path);
    return (await hashOf(file)).startsWith(sha256.toLowerCase());
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/**
 * The SHA-256 of a file, read piece by piece.
 *
 * @param path The file.
 * @returns Hexadecimal digits.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { sha256Of, writeFile } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/empty`;
 * await writeFile(path, "");
 * assert((await sha256Of(path)).startsWith("e3b0c442"));
 * ```
 */
export async function sha256Of(path: string): Promise<string> {
  try {
    using file = await Deno.open(path);
    return await hashOf(file);
  } catch (cause) {
    throw new FileError(
      cannot("read", "file", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** The SHA-256 of an open file, from its start. */
async function hashOf(file: Deno.FsFile): Promise<string> {
  const hash = createHash("sha256");
  await file.seek(0, Deno.SeekMode.Start);
  const buffer = new Uint8Array(1 << 20);
  for (let read; (read = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, read));
  }
  return hash.digest("hex");
}

/** Fetches what is missing of a file; throws `BrokenOff` if some still is. */
async function fetchPart(
  url: string,
  { file, part }: { readonly file: Deno.FsFile; readonly part: string },
  { onProgress, signal, maximalBytes = 2 ** 32 }: DownloadOptions,
  bad: (found: string, cause?: unknown, expected?: string) => FileError,
): Promise<void> {
  const there = (await file.stat()).size;
  let response: Response;
  try {
    response = await fetch(url, {
      headers: {
        "accept-encoding": "identity",
        ...(there > 0 && { range: `bytes=${there}-` }),
      },
      ...(signal && { signal }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof Deno.errors.NotCapable) {
      throw bad(`no permission to reach it (${cause.message})`, cause);
    }
    throw bad(`no connection (${reasonOf(cause)})`, cause);
  }
  const from = startOf(response, there);
  if (from === undefined) {
    await response.body?.cancel();
    // What is there goes beyond the file; it is begun anew.
    if (response.status === 416) {
      await file.truncate(0);
      throw new BrokenOff("a server that has no more of the file");
    }
    throw bad(`the answer ${response.status} ${response.statusText}`.trim());
  }
  const length = response.headers.get("content-length");
  const all = length === null ? null : from + Number(length);
  if (all !== null && all > maximalBytes) {
    await response.body?.cancel();
    throw bad(`${all} bytes`, undefined, `at most ${maximalBytes}`);
  }
  await file.truncate(from);
  await file.seek(from, Deno.SeekMode.Start);
  let done = from;
  onProgress?.(done, all);
  const pieces = response.body?.getReader();
  while (pieces) {
    const piece = await pieces.read().catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new BrokenOff(
        `a connection that broke off after ${done} bytes of ${all ?? "many"}`,
        { cause },
      );
    });
    if (piece.done) break;
    done += piece.value.length;
    if (done > maximalBytes) {
      await pieces.cancel();
      throw bad("more bytes", undefined, `at most ${maximalBytes}`);
    }
    for (let written = 0; written < piece.value.length;) {
      written += await file.write(piece.value.subarray(written));
    }
    onProgress?.(done, all);
  }
  if (all !== null && done < all) {
    throw new BrokenOff(`${done} bytes of ${basename(part)}, not ${all}`);
  }
}

/** Where in the file an answer begins; undefined if it has nothing of it. */
function startOf(response: Response, there: number): number | undefined {
  if (response.status === 200) return 0;
  if (response.status !== 206) return undefined;
  const range = /^bytes (\d+)-/.exec(
    response.headers.get("content-range") ?? "",
  );
  return range && Number(range[1]) === there ? there : undefined;
}

/** The last reason in a chain of causes, which names what failed. */
function reasonOf(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) {
    last = last.cause;
  }
  return last instanceof Error ? last.message : String(last);
}
