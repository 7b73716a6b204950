import { cannot, FileError } from "@unet/errors";
import type { DatasetFile } from "../dataset/dataset_file.ts";
import { listZip } from "../dataset/zip_files.ts";
import { fileSource } from "../images/byte_source.ts";
import type { StoredFile, ZarrStore } from "./zarr_store.ts";

/** Files of which one lies at the top of a hierarchy. */
const topFiles = ["zarr.json", ".zattrs", ".zgroup", ".zarray"] as const;

/**
 * Opens a hierarchy in a zip: at its top, or in its only folder.
 *
 * @throws {FileError} If it is no zip, holds no hierarchy, or has entries that
 * no careful program would read.
 */
export async function openZipStore(path: string): Promise<ZarrStore> {
  using stack = new DisposableStack();
  const source = stack.use(fileSource(path));
  const listing = await listZip(path, { holdsImages: false });
  stack.defer(() => listing.close());
  const [fault] = listing.faults;
  if (fault) throw new FileError(fault.message);
  const files = new Map(listing.files.map((file) => [file.name, file]));
  const top = topOf(files, path);
  const kept = stack.move();
  return {
    path,
    sizeOf: (key) => files.get(top + key)?.stored,
    read: async (key, offset, length) => {
      const file = files.get(top + key);
      if (!file) {
        throw new FileError(cannot("read", "image", path, {
          found: `no "${key}" in it`,
        }));
      }
      if (file.readPart && (offset > 0 || length < file.size)) {
        return file.readPart(offset, length);
      }
      const bytes = await file.read();
      return bytes.subarray(offset, offset + length);
    },
    *list(folder): Generator<StoredFile> {
      const start = top + (folder === "" ? "" : `${folder}/`);
      for (const [name, { stored }] of files) {
        if (!name.startsWith(start)) continue;
        yield { key: name.slice(top.length), size: stored, modified: 0 };
      }
    },
    requireUnchanged: () => source.requireUnchanged(),
    [Symbol.dispose]: () => kept.dispose(),
  };
}

/** What all names of the hierarchy begin with. */
function topOf(files: ReadonlyMap<string, DatasetFile>, path: string): string {
  const hasTop = (top: string) => topFiles.some((one) => files.has(top + one));
  if (hasTop("")) return "";
  const folders = new Set(
    [...files.keys()].map((name) => name.slice(0, name.indexOf("/") + 1))
      .filter((name) => name !== "" && name !== "__MACOSX/"),
  );
  const [only = "", other] = folders;
  if (other === undefined && hasTop(only)) return only;
  throw new FileError(cannot("read", "image", path, {
    found: "a zip without Zarr metadata at its top or in its only folder",
    expected: "a zip of an OME-Zarr",
  }));
}
