import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { pathInfo } from "@unet/files";
import { requireAmong } from "../images/require_among.ts";
import { isObject } from "../json_object.ts";
import { omeOf, readNode, versionOf } from "./zarr_node.ts";
import { zarrPlaceOf } from "./zarr_place.ts";
import { readZarrImage, type ZarrImage } from "./zarr_image.ts";
import { openZarrStore, type ZarrStore } from "./zarr_store.ts";

/** An axis that labels of an image have as well. */
export interface FrameAxis {
  /** What it is. */
  readonly name: "t" | "z" | "y" | "x";
  /** The unit of its places, as in "micrometer". */
  readonly unit?: string;
  /** How far apart neighbors are, in the unit. */
  readonly scale: number;
  /** Where the first pixel is. */
  readonly offset: number;
}

/** The coordinates of an image in an OME-Zarr, for labels that lie on it. */
export interface ZarrFrame {
  /** The version that labels of its Zarr format have. */
  readonly version: "0.4" | "0.5";
  /** How many levels it has, and labels in it. */
  readonly levels: number;
  /** Its axes but for the channels, as in t, z, y, x. */
  readonly axes: readonly FrameAxis[];
}

/** The order of axes since 0.4. */
const order = "tczyx";

/**
 * Reads the coordinates of an image in an OME-Zarr.
 *
 * @param path The image.
 * @param level The level of its pyramid.
 * @returns Undefined where the path is no OME-Zarr. Where its transformations
 * are not scales and translations alone, pixels are 1 apart, without a unit.
 * @throws {FileError} If it cannot be read.
 */
export async function readZarrFrame(
  path: string,
  level = 0,
): Promise<ZarrFrame | undefined> {
  const place = zarrPlaceOf(path);
  if (!place) return undefined;
  using store = await openZarrStore(place);
  return frameOf(await readZarrImage(store, place.inside), { path, level });
}

/**
 * Makes sure that labels can be put into an image's own `labels/`, so that all
 * that reads the image finds them.
 *
 * @param path The image.
 * @param name The labels' name.
 * @throws {FileError} If it is no image in a folder of OME-Zarr 0.4 or 0.5, its
 * axes are in another order or transformed, consolidated metadata would not list
 * the labels, or their place is a link or its list no list.
 */
export async function requireLabelHolder(
  path: string,
  name: string,
): Promise<void> {
  const refuse = (found: string, expected: string, remedy: string) =>
    new FileError(
      cannot("write", "labels", `${path}/labels/${name}`, {
        ...{ found, expected, remedy },
      }),
    );
  const apart = "write them into the output folder: leave out `intoLabels`";
  const place = zarrPlaceOf(path);
  if (!place || place.isZip) {
    throw refuse(
      place ? "an image in a zip" : "an image that is no OME-Zarr",
      "an OME-Zarr in a folder",
      apart,
    );
  }
  using store = await openZarrStore(place);
  const image = await readZarrImage(store, place.inside), { node } = image;
  if (node.path !== place.inside) {
    throw refuse(
      "several images",
      "one",
      `name it, as ${place.root}/${node.path}`,
    );
  }
  const version = versionOf(omeOf(store, node));
  if (version !== (node.version === 3 ? "0.5" : "0.4")) {
    throw refuse(
      `OME-Zarr ${version ?? "without a version"} in ${node.key}`,
      "0.4 or 0.5",
      apart,
    );
  }
  const names = image.axes.map((axis) => axis.name);
  if (names.join() !== [...order].filter((one) => names.includes(one)).join()) {
    throw refuse(`axes ${names.join(", ")}`, "t, c, z, y, x in order", apart);
  }
  if (image.levels.some(({ placing }) => !placing)) {
    throw refuse(
      `transformations in ${node.key}`,
      "scales and translations alone",
      apart,
    );
  }
  const key = await consolidatedIn(store, node.path);
  if (key !== undefined) {
    throw refuse(
      `consolidated metadata in ${key}, which would not list them`,
      "an image without",
      "remove these, or leave out `intoLabels`",
    );
  }
  for (const link of ["labels", `labels/${name}`]) {
    const info = await pathInfo(join(path, link), "write", "labels", {
      ofLink: true,
    });
    const found = info?.isSymlink
      ? `"${link}", a link`
      : link === "labels" && info?.isFile
      ? "a file as a folder"
      : undefined;
    if (found === undefined) continue;
    throw refuse(found, "a folder of the image's own", apart);
  }
  const folder = node.path === "" ? "labels" : `${node.path}/labels`;
  const about = await readNode(store, folder);
  const listed = about ? omeOf(store, about).labels : undefined;
  if (listed === undefined || Array.isArray(listed)) return;
  throw refuse(`no list of labels in ${about!.key}`, "a list", apart);
}

function frameOf(
  { node, axes, levels }: ZarrImage,
  { path, level }: { readonly path: string; readonly level: number },
): ZarrFrame {
  requireAmong(path, "level", levels.length, level);
  const { placing } = levels[level]!;
  return {
    version: node.version === 3 ? "0.5" : "0.4",
    levels: levels.length,
    axes: [..."tzyx"].flatMap((name) => {
      const at = axes.findIndex((axis) => axis.name === name);
      const { unit } = axes[at] ?? {};
      return at < 0 ? [] : [{
        name: name as FrameAxis["name"],
        ...(placing?.[at] ?? { scale: 1, offset: 0 }),
        ...(placing && unit !== undefined && { unit }),
      }];
    }),
  };
}

/** The file of a node or one above it that holds metadata of those below. */
async function consolidatedIn(
  store: ZarrStore,
  path: string,
): Promise<string | undefined> {
  const parts = path === "" ? [] : path.split("/");
  for (let length = parts.length; length >= 0; length--) {
    const above = parts.slice(0, length).join("/");
    const key = above === "" ? ".zmetadata" : `${above}/.zmetadata`;
    if (store.sizeOf(key) !== undefined) return key;
    const node = await readNode(store, above);
    if (isObject(node?.metadata.consolidated_metadata)) return node.key;
  }
  return undefined;
}
