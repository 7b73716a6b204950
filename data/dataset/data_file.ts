import { join } from "@std/path";
import { infoOf, readTextFile } from "@unet/files";
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
 * in the zip or its only folder.
 *
 * @param path The folder or zip.
 * @param name The file's name.
 * @returns The text; null where there is no such file, or no such data.
 * @throws {FileError} If it cannot be read.
 */
export async function readDataFile(
  path: string,
  name: string,
): Promise<DataFile | null> {
  const info = await infoOf(path);
  if (info?.isDirectory) {
    const file = join(path, name);
    if (!(await infoOf(file))?.isFile) return null;
    return { text: await readTextFile(file, "data"), path: file };
  }
  if (!info?.isFile || !/\.zip$/i.test(path)) return null;
  const listing = await listZip(path);
  try {
    const file = listing.files.find((one) =>
      one.name === name ||
      one.name.endsWith(`/${name}`) && one.name.split("/").length === 2
    );
    if (!file) return null;
    return {
      text: new TextDecoder().decode(await file.read()),
      path: file.path,
    };
  } finally {
    listing.close();
  }
}
