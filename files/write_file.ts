import { dirname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { enterFolder } from "./_enter_folder.ts";
import { isSystemFault } from "./_is_system_fault.ts";
import { refuseTarget } from "./_refuse_target.ts";
import { Temporary } from "./_temporary.ts";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Writes a file so that it appears atomically: under a temporary
 * name beside it, flushed to the disk, then renamed. Missing folders above
 * are made. A symbolic link is replaced by the file; what it leads to stays as
 * it is.
 *
 * @param path The file, replaced if it is there, unless it is read-only.
 * @param content Its bytes, pieces of them in order, or its text.
 * @param thing What it is to the person who reads the message, as in "mask".
 * @throws {FileError} If it cannot be written; nothing of it is left then.
 *
 * @example
 * ```ts
 * import { writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/deep/er/note.txt`;
 * await writeFile(path, "one line\n");
 * assertEquals(await Deno.readTextFile(path), "one line\n");
 * ```
 */
export async function writeFile(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  thing = "file",
): Promise<void> {
  const folder = dirname(path);
  try {
    await enterFolder(folder);
    await refuseTarget(path, thing);
    using temporary = await Temporary.open(folder);
    const { file } = temporary;
    for (const piece of pieces(content)) {
      for (let done = 0; done < piece.length;) {
        done += await file.write(piece.subarray(done));
      }
    }
    await temporary.moveTo(path);
  } catch (cause) {
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("write", thing, path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

function pieces(
  content: string | Uint8Array | Iterable<Uint8Array>,
): Iterable<Uint8Array> {
  if (typeof content === "string") return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}
