import type { FileError } from "@unet/errors";
import { listPlate } from "./plate.ts";
import { omeOf, readNode, type ZarrNode } from "./zarr_node.ts";
import { withoutSlash, zarrPlaceOf } from "./zarr_place.ts";
import { keyBelow, openZarrStore, type ZarrStore } from "./zarr_store.ts";

/** An image within an OME-Zarr. */
export interface ZarrImageName {
  /** Its path, which `openImage()` opens. */
  readonly path: string;
  /** Well and field, as in "B-3-0"; absent where the path itself is the image. */
  readonly field?: string;
  /** Why a well that the plate lists cannot be read; `path` is the well's. */
  readonly fault?: FileError;
}

/**
 * Lists the images of an OME-Zarr: itself, or the fields of a plate or a well.
 * A well that the plate lists and that cannot be read is one of them, with its
 * fault.
 *
 * @param given A folder, a zip, or a path in either.
 * @returns Undefined where the path is no OME-Zarr.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { listZarrImages } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * assertEquals(await listZarrImages(folder), undefined);
 * await Deno.remove(folder);
 * ```
 */
export async function listZarrImages(
  given: string,
): Promise<ZarrImageName[] | undefined> {
  const path = withoutSlash(given);
  const place = zarrPlaceOf(path);
  if (!place) return undefined;
  using store = await openZarrStore(place);
  const node = await readNode(store, place.inside);
  const fields = node && await listPlate(store, node);
  if (!fields) return [{ path }];
  const above = place.inside === "" ? 0 : place.inside.length + 1;
  return fields.map((field) => ({
    path: `${path}/${field.path.slice(above)}`,
    field: field.name,
    ...(field.fault && { fault: field.fault }),
  }));
}

/**
 * Lists the labels that lie in an image.
 *
 * @returns Their paths, which `openImage()` opens.
 * @throws {FileError} If they cannot be read.
 */
export async function listZarrLabels(path: string): Promise<string[]> {
  const place = zarrPlaceOf(path);
  if (!place) return [];
  using store = await openZarrStore(place);
  const key = keyBelow(store, place.inside, "labels");
  const node = await readNode(store, key);
  if (!node) return [];
  return labelsOf(store, node).map((name) => `${path}/labels/${name}`);
}

function labelsOf(store: ZarrStore, node: ZarrNode): string[] {
  const { labels } = omeOf(store, node);
  const listed = Array.isArray(labels) ? labels : [];
  // Each is a path below; others are refused.
  for (const name of listed) keyBelow(store, node.path, name);
  return listed.map(String);
}
