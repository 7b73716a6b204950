import {
  BlobReader,
  configure,
  type FileEntry,
  ZipReader,
} from "@zip.js/zip.js";
import { briefText, cannot, FileError } from "@unet/errors";
import { leadsOut } from "@unet/files/leads-out";
import { isImageName } from "./is_image_name.ts";

/** Images of a zip, at most. */
const mostEntries = 2000;

/** Bytes of all of them together, once unpacked. */
const mostBytes = 2 ** 29;

/** A file that was in a zip. */
export interface UnzippedFile {
  /** Its path in the zip. */
  readonly path: string;
  /** Its bytes. */
  readonly content: Blob;
}

/** Folders that hold no images to be segmented. */
const isLeft = /(^|\/)(__MACOSX|masks|\.[^/]*)\//i;

/**
 * Unpacks the images of a zip.
 *
 * @param zip The zip.
 * @param name What messages call it.
 * @throws {FileError} If it is damaged, has an entry that leads out of it, or
 * holds too much.
 */
export async function unzipImages(
  zip: Blob,
  name: string,
): Promise<UnzippedFile[]> {
  // No thread of its own, which the page's policy forbids.
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new BlobReader(zip), {
    strictness: "balanced",
    filenameValidation: "tolerant",
  });
  try {
    const entries = await reader.getEntries();
    const outside = entries.find(({ filename }) => leadsOut(filename));
    if (outside) {
      throw refused(
        name,
        `"${
          briefText(outside.filename)
        }", a path that leads out of the archive`,
        "relative paths without .. or \\",
      );
    }
    const images = entries.filter((entry): entry is FileEntry =>
      !entry.directory && isImageName(entry.filename) &&
      !isLeft.test(entry.filename)
    );
    if (images.length > mostEntries) {
      throw refused(name, `${images.length} images`, `at most ${mostEntries}`);
    }
    const files: UnzippedFile[] = [];
    let left = mostBytes;
    for (const entry of images) {
      const content = await contentOf(entry, left, name);
      left -= content.size;
      files.push({ path: entry.filename, content });
    }
    if (files.length === 0) {
      throw refused(name, "no image", "PNG, JPEG or TIFF");
    }
    return files;
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw refused(name, `a damaged zip (${found})`, "a whole file", cause);
  } finally {
    await reader.close();
  }
}

/** The bytes of an entry, whatever its header says of their number. */
async function contentOf(
  entry: FileEntry,
  most: number,
  name: string,
): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  await entry.getData(
    new WritableStream<Uint8Array<ArrayBuffer>>({
      write(piece) {
        length += piece.length;
        if (length > most) {
          throw refused(
            name,
            `more than ${mostBytes} bytes of images`,
            "fewer",
          );
        }
        // The library uses its buffer again.
        pieces.push(piece.slice());
      },
    }),
  );
  return new Blob(pieces);
}

function refused(
  name: string,
  found: string,
  expected: string,
  cause?: unknown,
): FileError {
  return new FileError(
    cannot("read", "zip", name, { found, expected }),
    { cause },
  );
}
