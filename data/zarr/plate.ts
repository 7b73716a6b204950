import { brief, cannot, FileError } from "@unet/errors";
import { isObject, omeOf, readNode, type ZarrNode } from "./zarr_node.ts";
import { keyBelow, type ZarrStore } from "./zarr_store.ts";

/** A field of a plate or well: an image. */
export interface PlateField {
  /** Its path in the hierarchy. */
  readonly path: string;
  /** Well and field, as in "B-3-0"; unique in the plate. */
  readonly name: string;
}

/** No plate has more wells, and no well more fields. */
const mostListed = 65536;

/**
 * Lists the fields of a plate or a well, in the order of its metadata.
 *
 * @returns Undefined where a node is neither.
 * @throws {FileError} If its metadata contradict themselves, or a well is
 * missing.
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
    const found = await readNode(store, path);
    const own = found && omeOf(store, found).well;
    if (!isObject(own)) {
      throw damaged(store, node, `no well at "${path}"`, "all wells it lists");
    }
    fields.push(...fieldsOf(store, found!, own));
    if (fields.length > mostListed) {
      throw damaged(store, node, "too many fields", `at most ${mostListed}`);
    }
  }
  return fields;
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
    // A plate's rows and columns are the last folders above its fields.
    const parts = path.split("/").slice(-3);
    return { path, name: parts.join("-") };
  });
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
