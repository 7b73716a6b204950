import { cannot, FileError } from "@unet/errors";
import { FolderStore } from "./folder_store.ts";
import type { ZarrPlace } from "./zarr_place.ts";
import { openZipStore } from "./zip_store.ts";

/** A file of a hierarchy. */
export interface StoredFile {
  /** Its path in the hierarchy, with "/". */
  readonly key: string;
  /** Bytes that it takes. */
  readonly size: number;
  /** When it last changed, in milliseconds since 1970; 0 in a zip. */
  readonly modified: number;
}

/** The files of a Zarr hierarchy, in a folder or in a zip. */
export interface ZarrStore extends Disposable {
  /** What messages call it. */
  readonly path: string;
  /**
   * How large a file is.
   *
   * @returns Undefined where there is none.
   * @throws {FileError} If it is a link that leads out of the hierarchy.
   */
  sizeOf(key: string): number | undefined;
  /**
   * Reads a part of a file, fewer bytes at its end.
   *
   * @throws {FileError} If there is none, or it cannot be read.
   */
  read(key: string, offset: number, length: number): Promise<Uint8Array>;
  /** The files below a folder. */
  list(folder: string): Generator<StoredFile>;
  /**
   * Makes sure that a file is the one that was first asked for.
   *
   * @throws {FileError} If it is not.
   */
  requireUnchanged(key: string): void;
}

/**
 * Opens the hierarchy of a place.
 *
 * @throws {FileError} If it cannot be read, or is a zip with entries that no
 * careful program would read.
 */
export async function openZarrStore(place: ZarrPlace): Promise<ZarrStore> {
  return place.isZip
    ? await openZipStore(place.root)
    : new FolderStore(place.root);
}

/**
 * Joins a path that metadata name to the path of their node.
 *
 * @param store For the message.
 * @throws {FileError} If it leads out of the node.
 */
export function keyBelow(
  store: Pick<ZarrStore, "path">,
  node: string,
  path: unknown,
): string {
  const parts = typeof path === "string" ? path.split("/") : [];
  while (parts.at(-1) === "") parts.pop();
  const isBelow = parts.length > 0 && parts.length <= 16 &&
    parts.every((part) =>
      part !== "" && part !== "." && part !== ".." && part.length <= 255 &&
      !/[\\\0:]/.test(part)
    );
  if (!isBelow) {
    throw new FileError(cannot("read", "image", store.path, {
      found: `the path ${
        JSON.stringify(String(path).slice(0, 80))
      } in its metadata`,
      expected: "a path below it, without .. and \\",
    }));
  }
  return node === "" ? parts.join("/") : `${node}/${parts.join("/")}`;
}
