import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "./system_fault.ts";

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
    return await Deno.readFile(path);
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
