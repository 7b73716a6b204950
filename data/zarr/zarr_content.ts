import { createHash } from "node:crypto";
import { zarrPlaceOf } from "./zarr_place.ts";
import { openZarrStore } from "./zarr_store.ts";

/** By what an image is seen to be the same as before, without reading it. */
export interface ZarrStamp {
  /** Bytes of its files. */
  readonly size: number;
  /** When the last of them changed, in milliseconds since 1970; 0 in a zip. */
  readonly modified: number;
}

/** Files are hashed so many bytes at a time. */
const step = 2 ** 20;

/** Labels that lie in an image are no part of it. */
const isLabel = /^labels(\/|$)/;

/**
 * The size of an image's files in an OME-Zarr, and the time of the last.
 *
 * @returns Undefined where a path is no OME-Zarr.
 * @throws {FileError} If it cannot be read.
 */
export async function stampOfZarr(
  path: string,
): Promise<ZarrStamp | undefined> {
  const place = zarrPlaceOf(path);
  if (!place) return undefined;
  using store = await openZarrStore(place);
  let size = 0, modified = 0;
  for (const file of filesOf(store.list(place.inside), place.inside)) {
    size += file.size;
    modified = Math.max(modified, file.modified);
  }
  return { size, modified };
}

/**
 * Hashes the files of an image in an OME-Zarr, by their names.
 *
 * @param signal Ends it early.
 * @returns The SHA-256; undefined where a path is no OME-Zarr.
 * @throws {FileError} If it cannot be read.
 * @throws The signal's reason, when it is aborted.
 */
export async function hashZarr(
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const place = zarrPlaceOf(path);
  if (!place) return undefined;
  using store = await openZarrStore(place);
  const files = filesOf(store.list(place.inside), place.inside)
    .sort((a, b) => a.key < b.key ? -1 : 1);
  const hash = createHash("sha256");
  for (const { key, name } of files) {
    signal?.throwIfAborted();
    const size = store.sizeOf(key) ?? 0;
    hash.update(`${name.length} ${name} ${size} `);
    for (let at = 0; at < size; at += step) {
      const bytes = await store.read(key, at, step);
      hash.update(bytes);
      if (bytes.length < step) break;
    }
  }
  return hash.digest("hex");
}

function filesOf<T extends { readonly key: string }>(
  files: Iterable<T>,
  node: string,
): (T & { readonly name: string })[] {
  const above = node === "" ? 0 : node.length + 1;
  return [...files].map((file) => ({ ...file, name: file.key.slice(above) }))
    .filter(({ name }) => !isLabel.test(name));
}
