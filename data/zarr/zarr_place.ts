import { dirname, join, relative, SEPARATOR } from "@std/path";

/** Where a node of a Zarr hierarchy lies. */
export interface ZarrPlace {
  /** The topmost folder of the hierarchy, or the zip. */
  readonly root: string;
  /** The node's path in it, with "/"; "" for the root itself. */
  readonly inside: string;
  /** Whether the root is a zip. */
  readonly isZip: boolean;
}

/** Files of which one makes a folder a node of a hierarchy. */
const nodeFiles = ["zarr.json", ".zattrs", ".zgroup", ".zarray"] as const;

/** So many folders above a node are looked at. */
const highest = 16;

/** Whether a name is that of a Zarr hierarchy: `a.zarr`, `a.zarr.zip`, `a.ozx`. */
export function isZarrName(name: string): boolean {
  return /\.(zarr|zarr\.zip|ozx)$/i.test(name);
}

/**
 * Finds the Zarr hierarchy that a path leads into: a folder with Zarr's
 * metadata, a zip whose name says so, or a path within such a zip.
 *
 * @returns Undefined where it is no part of one.
 */
export function zarrPlaceOf(given: string): ZarrPlace | undefined {
  const path = withoutSlash(given), info = statOf(path);
  if (info?.isDirectory) return placeOfFolder(path);
  if (info) {
    return info.isFile && isZarrName(path) && !/\.zarr$/i.test(path)
      ? { root: path, inside: "", isZip: true }
      : undefined;
  }
  return placeInZip(path);
}

/** A path without separators at its end, as shells complete folders with one. */
export function withoutSlash(path: string): string {
  return path.replace(/(?<=[^/\\])[/\\]+$/, "");
}

/** Whether a folder has Zarr's metadata, or the name of a hierarchy. */
export function isZarrFolder(path: string): boolean {
  return nodeFiles.some((name) => statOf(join(path, name))?.isFile) ||
    /\.zarr$/i.test(path) && statOf(path)?.isDirectory === true;
}

function placeOfFolder(path: string): ZarrPlace | undefined {
  if (!isZarrFolder(path)) return undefined;
  let root = path;
  for (let step = 0; step < highest; step++) {
    const above = dirname(root);
    if (above === root || !isZarrFolder(above)) break;
    root = above;
  }
  const inside = relative(root, path).replaceAll(SEPARATOR, "/");
  return { root, inside, isZip: false };
}

function placeInZip(path: string): ZarrPlace | undefined {
  let root = dirname(path);
  for (let step = 0; step < highest; step++) {
    const info = statOf(root);
    if (info?.isFile && isZarrName(root)) {
      const inside = path.slice(root.length).split(/[/\\]+/)
        .filter((part) => part !== "").join("/");
      return { root, inside, isZip: true };
    }
    const above = dirname(root);
    if (info || above === root) return undefined;
    root = above;
  }
  return undefined;
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    // Whatever else is wrong is said when it is opened.
    return undefined;
  }
}
