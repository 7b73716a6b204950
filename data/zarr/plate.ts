import { brief, cannot, FileError } from "@unet/errors";
import { isObject } from "../json_object.ts";
import { omeOf, readNode, type ZarrNode } from "./zarr_node.ts";
import { keyBelow, type ZarrStore } from "./zarr_store.ts";

/** A field of a plate or well: an image. */
export interface PlateField {
  /** Its path in the hierarchy; the well's where that cannot be read. */
  readonly path: string;
  /** Well and field, as in "B-3-0"; unique in the plate. */
  readonly name: string;
  /** Why a well that the plate lists cannot be read. */
  readonly fault?: FileError;
}

/** No plate has more wells, and no well more fields. */
const mostListed = 65536;

/**
 * Lists the fields of a plate or a well, in the order of its metadata. A well
 * of a plate that is missing or damaged stands in place of its fields, with its
 * fault.
 *
 * @returns Undefined where a node is neither.
 * @throws {FileError} If its own metadata contradict themselves, or name a path
 * out of the hierarchy.
 */
export async function listPlate(
  store: ZarrStore,
  node: ZarrNode,
): Promise<PlateField[] | undefined> {
  const { plate, well } = omeOf(store, node);
  if (isObject(well)) return fieldsOf(store, node, well);
  if (!isObject(plate)) return undefined;
  const fields: PlateField[] = [];
  const named = new Set<string>();
  for (const one of listOf(store, node, plate.wells, "wells")) {
    const path = keyBelow(store, node.path, isObject(one) ? one.path : one);
    if (named.has(path)) {
      throw damaged(store, node, `well "${path}" twice`, "each once");
    }
    named.add(path);
    fields.push(...await fieldsOrFault(store, node, path));
    if (fields.length > mostListed) {
      throw damaged(store, node, "too many fields", `at most ${mostListed}`);
    }
  }
  return fields;
}

/** The fields of a well; itself with its fault where it cannot be read. */
async function fieldsOrFault(
  store: ZarrStore,
  plate: ZarrNode,
  path: string,
): Promise<PlateField[]> {
  try {
    const found = await readNode(store, path);
    const own = found && omeOf(store, found).well;
    if (found && isObject(own)) return fieldsOf(store, found, own);
    throw damaged(store, plate, `no well at "${path}"`, "all wells it lists");
  } catch (fault) {
    if (!(fault instanceof FileError)) throw fault;
    return [{ path, name: nameOf(path, 2), fault }];
  }
}

function fieldsOf(
  store: ZarrStore,
  node: ZarrNode,
  well: Readonly<Record<string, unknown>>,
): PlateField[] {
  const named = new Set<string>();
  return listOf(store, node, well.images, "images").map((one) => {
    const path = keyBelow(store, node.path, isObject(one) ? one.path : one);
    if (named.has(path)) {
      throw damaged(store, node, `field "${path}" twice`, "each once");
    }
    named.add(path);
    return { path, name: nameOf(path, 3) };
  });
}

/** A plate's rows and columns are the last folders above its fields. */
function nameOf(path: string, parts: number): string {
  return path.split("/").slice(-parts).join("-");
}

function listOf(
  store: ZarrStore,
  node: ZarrNode,
  value: unknown,
  what: string,
): readonly unknown[] {
  if (Array.isArray(value) && value.length <= mostListed) return value;
  throw damaged(
    store,
    node,
    `${what} ${brief(value)}`,
    `a list of at most ${mostListed}`,
  );
}

function damaged(
  store: ZarrStore,
  node: ZarrNode,
  found: string,
  expected: string,
): FileError {
  return new FileError(
    cannot("read", "plate", store.path, {
      found: `${found} in ${node.key}`,
      expected,
    }),
  );
}
