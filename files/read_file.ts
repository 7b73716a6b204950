import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "./system_fault.ts";

/** Larger files are read in pieces. */
const largeFile = 2 ** 24, piece = 2 ** 24;

/**
 * Reads a file.
 *
 * @param path The file.
 * @param thing What it is to the person who named it, as in "image".
 * @returns Its bytes.
 * @throws {FileError} If it is missing, a folder, or not readable.
 *
 * @example
 * ```ts
 * import { readFile } from "@unet/files";
 * import { FileError } from "@unet/errors";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => readFile("no/such/file", "image"), FileError);
 * ```
 */
export async function readFile(
  path: string,
  thing = "file",
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const info = Deno.statSync(path);
    if (info.isCharDevice || info.isBlockDevice) throw device(path, thing);
    // Deno's own reading takes twice the memory of a large file.
    return info.isFile && info.size > largeFile
      ? await readLarge(path, info.size)
      : await Deno.readFile(path);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("read", thing, path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** Reads so many bytes, fewer where the file has become shorter. */
async function readLarge(
  path: string,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(size);
  for (let done = 0; done < size;) {
    const count = await file.read(bytes.subarray(done, done + piece));
    if (count === null) return bytes.subarray(0, done);
    done += count;
  }
  return bytes;
}

/** The error for what has no end. */
function device(path: string, thing: string): FileError {
  return new FileError(
    cannot("read", thing, path, { found: "a device", expected: "a file" }),
  );
}

/**
 * Reads the beginning of a file, for what must not be read whole before it is
 * known what it is.
 *
 * @param path The file.
 * @param length How many bytes; of a shorter file, all are read.
 * @param thing What it is to the person who named it, as in "model".
 * @returns The bytes.
 * @throws {FileError} If it is missing, a folder, or not readable.
 *
 * @example
 * ```ts
 * import { readStart, writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/note.txt`;
 * await writeFile(path, "one line\n");
 * const start = await readStart(path, 3, "note");
 * assertEquals(new TextDecoder().decode(start), "one");
 * ```
 */
export async function readStart(
  path: string,
  length: number,
  thing = "file",
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    using file = await Deno.open(path);
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = await file.read(bytes.subarray(done));
      if (count === null) break;
      done += count;
    }
    return bytes.subarray(0, done);
  } catch (cause) {
    throw new FileError(
      cannot("read", thing, path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/**
 * Reads a text file as UTF-8.
 *
 * @param path The file.
 * @param thing What it is to the person who named it, as in "configuration".
 * @returns Its text.
 * @throws {FileError} If it is missing, a folder, not readable, or not UTF-8.
 */
export async function readTextFile(
  path: string,
  thing = "file",
): Promise<string> {
  const bytes = await readFile(path, thing);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileError(
      cannot("read", thing, path, {
        found: "bytes that are not text",
        expected: "UTF-8",
      }),
      { cause },
    );
  }
}
