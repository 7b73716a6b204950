import { basename, join } from "@std/path";
import { brief } from "@unet/errors";
import { infoOf, writeFile } from "@unet/files";
import { RequestError } from "@unet/http";
import {
  noteOfRegion,
  type Region,
  regionName,
  textOfRegion,
} from "../folder/region.ts";
import { requireInside } from "../folder/place_in.ts";
import { mostPixels } from "../masks/mask_file.ts";
import type { StudioRoom } from "../studio_room.ts";
import { readJson } from "./read_json.ts";
import { refused } from "./query.ts";
import type { Route } from "./route.ts";

/** The least side of a region, in pixels. */
const leastSide = 32;

/** Parts of large images, which become images of their own. */
export const regionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/region",
    async answer(room, { request }) {
      const { name, x, y, width, height, plane, time } = await readJson(
        request,
      );
      if (typeof name !== "string") {
        throw refused("name", brief(name), "an image");
      }
      const region: Region = {
        of: name,
        ...{ x: countFrom("x", x), y: countFrom("y", y) },
        width: countFrom("width", width, leastSide),
        height: countFrom("height", height, leastSide),
        ...(plane !== undefined && { plane: countFrom("plane", plane) }),
        ...(time !== undefined && { time: countFrom("time", time) }),
      };
      return Response.json({ name: await addRegion(room, region) });
    },
  },
];

/**
 * Saves a region as an image of the folder.
 *
 * @returns Its name.
 * @throws {RequestError} If it is too large (413), reaches out of its image
 * (400), or an image or a mask of its name is there (409).
 * @throws {FileError} If it cannot be written.
 */
async function addRegion(
  { folder: { root }, images, views }: Pick<
    StudioRoom,
    "folder" | "images" | "views"
  >,
  region: Region,
): Promise<string> {
  const { of, x, y, width, height } = region;
  await images.pathOf(of);
  if (width * height > mostPixels) {
    throw new RequestError(
      413,
      `Cannot save region: found ${width} × ${height} pixels, expected at most ${mostPixels}, as of 8192 × 8192; choose a smaller one`,
    );
  }
  const whole = await views.sizeOf(of);
  if (x + width > whole.width || y + height > whole.height) {
    throw refused(
      "region",
      `${width} × ${height} at ${x}, ${y}`,
      `a part of ${whole.width} × ${whole.height}`,
    );
  }
  const name = regionName(root, region);
  await requireInside(root, name);
  const isThere = await infoOf(join(root, name), { ofLink: true }) !== null;
  if (isThere || await images.maskPathOf(name) !== null) {
    throw new RequestError(
      409,
      `Cannot save region: found ${isThere ? "" : "a mask of "}${
        brief(basename(name))
      }, expected none; begin it at another pixel, or move that elsewhere`,
    );
  }
  // First, for without it nobody knows where the image comes from.
  const note = join(root, noteOfRegion(name));
  await writeFile(note, textOfRegion(region, name), "region");
  try {
    await views.saveRegion(region, join(root, name));
  } catch (error) {
    await Deno.remove(note);
    throw error;
  }
  await images.scan();
  return name;
}

const largest = 2 ** 31;

function countFrom(name: string, value: unknown, least = 0): number {
  const isCount = Number.isInteger(value) && (value as number) >= least &&
    (value as number) <= largest;
  if (isCount) return value as number;
  throw refused(name, brief(value), `a whole number of ${least}…${largest}`);
}
