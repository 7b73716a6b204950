import { basename, dirname, extname, join } from "@std/path";
import { isZarrFolder } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import { infoOf, readTextFile } from "@unet/files";
import { markOfSync } from "./image_states.ts";
import { jsonOf } from "./json_of.ts";

/** A part of an image that is an image of its own. */
export interface Region {
  /** The image of which it is a part, as a path from the studio's folder. */
  readonly of: string;
  /** Its first column there. */
  readonly x: number;
  /** Its first row there. */
  readonly y: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The plane, from 0, if one was chosen. */
  readonly plane?: number;
  /** The time point, from 0, if one was chosen. */
  readonly time?: number;
}

/** How the name of a region's note ends, behind the region's without ending. */
export const regionEnding = ".region.json";

/**
 * The name of a region's image: beside the image of which it is a part, so that
 * its mask lies where that of such an image does.
 *
 * @param root The studio's folder.
 * @param region The region.
 * @returns A path from the folder.
 */
export function regionName(root: string, { of, x, y }: Region): string {
  // Within a Zarr hierarchy, which takes no other files, an image is a folder.
  const names = of.split("/");
  const found = names.map((_, at) => names.slice(0, at + 1).join("/"))
    .find((path) => isZarrFolder(join(root, path)) || isFile(join(root, path)));
  const whole = found ?? of;
  const stem = basename(whole, extname(whole)) +
    of.slice(whole.length).replaceAll("/", "_");
  const file = `${stem}_x${x}_y${y}.tif`, folder = dirname(whole);
  return folder === "." ? file : `${folder}/${file}`;
}

/** Whether a path is a file, as a zip is that has images in it. */
function isFile(path: string): boolean {
  return markOfSync(path) !== undefined;
}

/** The name of a region's note, which has where it comes from. */
export function noteOfRegion(name: string): string {
  return name.slice(0, -extname(name).length) + regionEnding;
}

/** The text of a region's note. */
export function textOfRegion({ of, ...part }: Region, name: string): string {
  // From its own folder, so that both may move together.
  const folder = dirname(name);
  const from = folder === "." ? of : of.slice(folder.length + 1);
  return JSON.stringify({ of: from, ...part }, null, 2) + "\n";
}

/**
 * Reads where an image comes from.
 *
 * @param root The studio's folder.
 * @param name The image.
 * @returns The region; null where it is none.
 * @throws {FileError} If its note cannot be read, or is none.
 */
export async function readRegion(
  root: string,
  name: string,
): Promise<Region | null> {
  const path = join(root, noteOfRegion(name));
  if (!(await infoOf(path))?.isFile) return null;
  const value = jsonOf(await readTextFile(path, "region"));
  const { of, x, y, width, height, plane, time } = (value ?? {}) as Partial<
    Region
  >;
  const isRegion = typeof of === "string" && of !== "" &&
    [x, y, width, height].every(isCount) &&
    [plane, time].every((one) => one === undefined || isCount(one));
  if (!isRegion) {
    throw new FileError(
      cannot("read", "region", path, {
        found: "what the studio did not write",
        expected: "of, x, y, width and height",
        remedy: "remove it: the image then is one of its own",
      }),
    );
  }
  const folder = dirname(name);
  return {
    of: folder === "." ? of : `${folder}/${of}`,
    ...{ x: x!, y: y!, width: width!, height: height! },
    ...(plane !== undefined && { plane }),
    ...(time !== undefined && { time }),
  };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Images in the order in which they are listed: regions beneath the image of
 * which they are a part, from the top.
 *
 * @param listed The images, in their natural order.
 */
export function withRegionsBeneath<
  One extends { readonly name: string; readonly region?: Region },
>(listed: readonly One[]): One[] {
  const names = new Set(listed.map(({ name }) => name));
  const isBeneath = ({ region }: One) =>
    region !== undefined && names.has(region.of);
  const parts = Map.groupBy(
    listed.filter(isBeneath),
    ({ region }) => region!.of,
  );
  const found = listed.filter((one) => !isBeneath(one)).flatMap(beneath);
  // Notes that lead in circles.
  return [...found, ...[...parts.values()].flat()];

  function beneath(one: One): One[] {
    const own = [...parts.get(one.name) ?? []];
    parts.delete(one.name);
    own.sort(({ region: a }, { region: b }) => a!.y - b!.y || a!.x - b!.x);
    return [one, ...own.flatMap(beneath)];
  }
}
