import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeSystemFault,
  pathInfo,
  readFile,
  readStart,
} from "@unet/files";
import type { DatasetFile } from "./dataset_file.ts";
import { describeBytes } from "../images/image_format.ts";
import { listZip } from "./zip_files.ts";

/** A text that lies beside images and masks. */
export interface DataFile {
  /** What it holds. */
  readonly text: string;
  /** Where it lies, for messages. */
  readonly path: string;
}

/**
 * Reads a text of a folder or zip of images and masks: a file in the folder, or
 * in the zip or its only folder. Its name may be written in any capitals.
 *
 * @param path The folder or zip.
 * @param name The file's name, in small letters.
 * @returns The text; null where there is no such file, or no such data.
 * @throws {FileError} If it cannot be read, is no file, is not UTF-8, or if
 * several files could be meant.
 */
export async function readDataFile(
  path: string,
  name: string,
): Promise<DataFile | null> {
  const info = await pathInfo(path, "read", "data");
  if (info?.isDirectory) return await readInFolder(path, name);
  if (!info?.isFile) return null;
  const isZip = /\.zip$/i.test(path) ||
    describeBytes(await readStart(path, 512, "data")) === "a zip archive";
  return isZip ? await readInZip(path, name) : null;
}

async function readInFolder(
  folder: string,
  name: string,
): Promise<DataFile | null> {
  const found = namesIn(folder).filter((one) => one.toLowerCase() === name);
  if (found.length > 1) throw ambiguous(folder, found);
  if (found.length === 0) return null;
  const path = join(folder, found[0]!);
  const info = await pathInfo(path, "read", "data");
  if (!info?.isFile) {
    throw new FileError(cannot("read", "data", path, {
      found: info === null
        ? "a link that leads nowhere"
        : info.isDirectory
        ? "a folder"
        : "neither a file nor a folder",
      expected: "a file",
    }));
  }
  return { text: textOf(await readFile(path, "data"), path), path };
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
  } catch (cause) {
    throw new FileError(
      cannot("list", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

async function readInZip(
  path: string,
  name: string,
): Promise<DataFile | null> {
  const listing = await listZip(path);
  try {
    const file = chooseEntry(listing.files, path, name);
    return file && {
      text: textOf(await file.read(), file.path),
      path: file.path,
    };
  } finally {
    listing.close();
  }
}

/** The file at the top of a zip or in its only folder. */
function chooseEntry(
  files: readonly DatasetFile[],
  path: string,
  name: string,
): DatasetFile | null {
  // What macOS adds beside the files is no folder of the data.
  const own = files.filter((one) => !one.name.startsWith("__MACOSX/"));
  const found = own.filter((one) => {
    const parts = one.name.toLowerCase().split("/");
    return parts.length <= 2 && parts.at(-1) === name;
  });
  if (found.length > 1) throw ambiguous(path, found.map((one) => one.name));
  const [file] = found;
  if (!file) return null;
  const folders = new Set(
    own.map((one) => one.name.split("/"))
      .flatMap((parts) => parts.length > 1 ? [parts[0]!] : []),
  );
  if (file.name.includes("/") && folders.size > 1) {
    throw new FileError(cannot("read", "data", path, {
      found: `${file.name} in one of ${folders.size} folders`,
      expected: `${name} at the top of the zip, or in its only folder`,
    }));
  }
  return file;
}

function ambiguous(path: string, names: readonly string[]): FileError {
  const shown = names.toSorted().slice(0, 4).join(", ");
  return new FileError(cannot("read", "data", path, {
    found: shown + (names.length > 4 ? ` and ${names.length - 4} more` : ""),
    expected: "one of them",
    remedy: "keep the correct one",
  }));
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FileError(
      cannot("read", "data", path, {
        found: "bytes that are not text",
        expected: "UTF-8",
      }),
      { cause },
    );
  }
}
