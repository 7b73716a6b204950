import { dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { isSystemFault } from "./_is_system_fault.ts";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Writes a file so that it appears whole or not at all: under a temporary
 * name beside it, flushed to the disk, then renamed. Missing folders above
 * are made.
 *
 * @param path The file, replaced if it is there.
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
  // Without the file's own name, which may be as long as a name can be.
  const temporary = join(folder, `.${crypto.randomUUID()}.part`);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await writeWhole(temporary, content);
    await Deno.rename(temporary, path);
    await flushFolder(folder);
  } catch (cause) {
    // Where it was not even made, there is nothing to remove.
    await Deno.remove(temporary).catch(() => {});
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("write", thing, path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

async function writeWhole(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const piece of pieces(content)) {
    for (let done = 0; done < piece.length;) {
      done += await file.write(piece.subarray(done));
    }
  }
  await file.sync();
}

function pieces(
  content: string | Uint8Array | Iterable<Uint8Array>,
): Iterable<Uint8Array> {
  if (typeof content === "string") return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}

/** Flushes a folder's entries, so that a rename survives a power cut. */
export async function flushFolder(path: string): Promise<void> {
  // Windows opens no folder as a file, and keeps renames in order without it.
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}
