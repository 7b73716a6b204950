import { brief, cannot, FileError } from "@unet/errors";
import { parseJson } from "@unet/files";
import { isObject } from "../json_object.ts";
import type { ZarrStore } from "./zarr_store.ts";

/** A group or array of a hierarchy, as its metadata describe it. */
export interface ZarrNode {
  /** Its path in the hierarchy; "" for the root. */
  readonly path: string;
  /** Of Zarr's format. */
  readonly version: 2 | 3;
  /** The file that describes it. */
  readonly key: string;
  /** What describes it; of a group of version 2 nothing. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Its attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Metadata are no larger. */
const mostBytes = 64 * 2 ** 20;

/**
 * Reads the metadata of a group or array. Where a node has those of both
 * versions, the later one counts.
 *
 * @returns Undefined where there is no node.
 * @throws {FileError} If they are no JSON, or larger than any.
 */
export async function readNode(
  store: ZarrStore,
  path: string,
): Promise<ZarrNode | undefined> {
  const below = (name: string): string =>
    path === "" ? name : `${path}/${name}`;
  const later = await readObject(store, below("zarr.json"));
  if (later) {
    if (later.zarr_format !== 3) {
      throw damaged(store, below("zarr.json"), {
        found: `zarr_format ${brief(later.zarr_format)}`,
        expected: "3",
      });
    }
    const { attributes } = later;
    return {
      ...{ path, version: 3, key: below("zarr.json"), metadata: later },
      attributes: isObject(attributes) ? attributes : {},
    };
  }
  for (const name of [".zarray", ".zgroup"]) {
    const metadata = await readObject(store, below(name));
    if (!metadata) continue;
    const found = await readObject(store, below(".zattrs"));
    const key = below(name === ".zgroup" && found ? ".zattrs" : name);
    if (metadata.zarr_format !== 2) {
      throw damaged(store, below(name), {
        found: `zarr_format ${brief(metadata.zarr_format)}`,
        expected: "2",
      });
    }
    return { path, version: 2, key, metadata, attributes: found ?? {} };
  }
  // Some writers leave out the group's own file.
  const attributes = await readObject(store, below(".zattrs"));
  return attributes &&
    { path, version: 2, key: below(".zattrs"), metadata: {}, attributes };
}

/**
 * The attributes that OME-Zarr defines: under `ome` since 0.5.
 *
 * @throws {FileError} If they are of a version that is not known.
 */
export function omeOf(
  store: Pick<ZarrStore, "path">,
  { attributes, version, key }: ZarrNode,
): Readonly<Record<string, unknown>> {
  const { ome } = attributes;
  const found = version === 3 && isObject(ome) ? ome : attributes;
  const own = versionOf(found);
  const isKnown = own === undefined || /^0\.[1-6](\D|$)/.test(own);
  if (isKnown) return found;
  throw new FileError(cannot("read", "image", store.path, {
    found: `OME-Zarr of version ${brief(own)} in ${key}`,
    expected: "0.1 to 0.6",
  }));
}

/** The version that OME-Zarr's attributes name, here or in what they hold. */
export function versionOf(
  ome: Readonly<Record<string, unknown>>,
): string | undefined {
  const { multiscales, plate, well } = ome;
  const first = Array.isArray(multiscales) ? multiscales[0] : undefined;
  for (const one of [ome, first, plate, well]) {
    if (isObject(one) && one.version !== undefined) return String(one.version);
  }
  return undefined;
}

async function readObject(
  store: ZarrStore,
  key: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const size = store.sizeOf(key);
  if (size === undefined) return undefined;
  if (size > mostBytes) {
    throw damaged(store, key, {
      found: `${size} bytes of metadata`,
      expected: `at most ${mostBytes}`,
    });
  }
  const bytes = await store.read(key, 0, mostBytes);
  let value: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = parseJson(text);
  } catch (cause) {
    const found = cause instanceof SyntaxError
      ? cause.message
      : "bytes that are not text";
    throw damaged(store, key, { found, expected: "JSON" }, cause);
  }
  if (!isObject(value)) {
    throw damaged(store, key, { found: brief(value), expected: "an object" });
  }
  return value;
}

function damaged(
  store: Pick<ZarrStore, "path">,
  key: string,
  { found, expected }: { readonly found: string; readonly expected: string },
  cause?: unknown,
): FileError {
  return new FileError(
    cannot("read", "metadata", `${store.path}/${key}`, { found, expected }),
    { cause },
  );
}
