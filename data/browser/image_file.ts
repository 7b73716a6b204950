/**
 * What takes the place of the files on a disk in a page: files that a person
 * gave it.
 *
 * @module
 */
/// <reference lib="dom" />
import { basename } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import type { ByteSource } from "../images/byte_source.ts";
import type { ImageFile } from "../images/image_file.ts";
import { givenFiles as given } from "./given_files.ts";

/** What workers have to read at once. */
declare class FileReaderSync {
  readAsArrayBuffer(part: Blob): ArrayBuffer;
}

/** A file that was given. */
export function fileOnDisk(path: string): ImageFile {
  return {
    path,
    name: given.get(path)?.name ?? basename(path),
    open: async () => await sourceOf(path),
    beside(name) {
      const folder = given.get(path)?.folder;
      for (const [other, file] of given) {
        if (file.folder === folder && file.name === name) {
          return fileOnDisk(other);
        }
      }
      return undefined;
    },
  };
}

async function sourceOf(path: string): Promise<ByteSource> {
  const content = await given.get(path)?.content();
  if (!content) {
    throw new FileError(
      cannot("read", "image", path, { found: "no such file" }),
    );
  }
  return {
    size: content.size,
    read: (offset, length) =>
      bytesOf(content.slice(offset, offset + length), path),
    // The browser refuses to read a file that was changed.
    requireUnchanged: () => {},
    [Symbol.dispose]: () => {},
  };
}

/** Reads at once, as workers alone may. */
function bytesOf(part: Blob, path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(part));
  } catch (cause) {
    throw new FileError(
      cannot("read", "image", path, {
        found: "a file that was changed or removed since it was opened",
        remedy: "open it again",
      }),
      { cause },
    );
  }
}
