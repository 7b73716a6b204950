import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, lockFile, writeFile } from "@unet/files";
import { isObject } from "../json_object.ts";
import { omeOf, readNode } from "./zarr_node.ts";
import { zarrPlaceOf } from "./zarr_place.ts";
import { openZarrStore } from "./zarr_store.ts";

/** How long another process may take to add its labels, in milliseconds. */
const patience = 30_000, pause = 20;

/**
 * Adds labels to the list of an image's `labels/`, by which other programs find
 * them. The list's file is replaced atomically; what else it holds stays.
 *
 * @param path The image, in a folder.
 * @param name The name of the labels, which are in their place.
 * @throws {FileError} If the list cannot be read or written.
 *
 * @example
 * ```ts
 * import { addZarrLabel } from "@unet/data";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const image = await Deno.makeTempDir({ suffix: ".zarr" });
 * await Deno.writeTextFile(`${image}/.zgroup`, '{"zarr_format": 2}');
 * await addZarrLabel(image, "nuclei");
 * const list = await Deno.readTextFile(`${image}/labels/.zattrs`);
 * assertStringIncludes(list, '"nuclei"');
 * ```
 */
export async function addZarrLabel(path: string, name: string): Promise<void> {
  const place = zarrPlaceOf(path);
  if (!place) throw noFolder(path);
  using store = await openZarrStore(place);
  const image = await readNode(store, place.inside);
  if (!image || place.isZip) throw noFolder(path);
  const folder = join(path, "labels");
  using _lock = await takeLock(join(folder, ".labels.lock"), folder);
  const key = image.path === "" ? "labels" : `${image.path}/labels`;
  const node = await readNode(store, key);
  const { attributes = {} } = node ?? {};
  const listed = node ? omeOf(store, node).labels : undefined;
  const names = Array.isArray(listed) ? listed : [];
  const labels = names.includes(name) ? names : [...names, name];
  const write = (file: string, content: unknown) =>
    writeFile(
      join(folder, file),
      JSON.stringify(content, null, 2) + "\n",
      "list of labels",
    );
  if (image.version === 3) {
    const { ome } = attributes;
    await write("zarr.json", {
      ...{ zarr_format: 3, node_type: "group", ...node?.metadata },
      attributes: {
        ...attributes,
        ome: { version: "0.5", ...(isObject(ome) && ome), labels },
      },
    });
    return;
  }
  await write(".zgroup", { zarr_format: 2 });
  await write(".zattrs", { ...attributes, labels });
}

/** Makes the folder where it is missing, and keeps other processes out. */
async function takeLock(path: string, folder: string): Promise<Disposable> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (let waited = 0; waited <= patience; waited += pause) {
      const lock = await lockFile(path);
      if (lock) return lock;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  } catch (cause) {
    throw new FileError(
      cannot("write", "labels", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  throw new FileError(cannot("write", "labels", folder, {
    found: "another process that is still adding labels",
    remedy: "end that process",
  }));
}

function noFolder(path: string): FileError {
  return new FileError(cannot("write", "labels", `${path}/labels`, {
    found: "no OME-Zarr image in a folder",
    expected: "one",
  }));
}
