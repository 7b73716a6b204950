import { join } from "@std/path";
import type { MaskToMeasure } from "@unet/app/measure-folder";
import { UnetError } from "@unet/errors";
import { infoOf } from "@unet/files";
import { RequestError } from "@unet/http";
import { sourceOfMask } from "../measure/mask_source.ts";
import type { StudioRoom } from "../studio_room.ts";
import { attachment } from "./attachment.ts";
import { readJson } from "./read_json.ts";
import type { Route } from "./route.ts";

/** What the objects of a whole folder measure. */
export const measureFolderRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/measure",
    async answer(room, { request }) {
      await readJson(request);
      // Files are measured, which hold what is in memory from then on.
      await room.masks.flushAll();
      const { images, faults } = await masksOf(room);
      if (images.length + faults.length === 0) {
        throw new RequestError(
          409,
          "Cannot measure folder: found no mask; predict images, or draw objects",
        );
      }
      const title = room.folder.name;
      room.jobs.start(
        { type: "measure", images, title, ...filesOf(room) },
        faults,
      );
      return Response.json(room.jobs.state);
    },
  },
  {
    method: "GET",
    path: "/api/measure/table",
    answer: (room) => saved(room, "table", "measurements.csv"),
  },
  {
    method: "GET",
    path: "/api/measure/page",
    answer: (room) => saved(room, "page", "summary.html"),
  },
];

function filesOf({ folder }: Pick<StudioRoom, "folder">) {
  const place = join(folder.cache, "measurements");
  return {
    table: join(place, "measurements.csv"),
    page: join(place, "summary.html"),
  };
}

/** A file that the last job wrote. */
async function saved(
  room: StudioRoom,
  file: "table" | "page",
  name: string,
): Promise<Response> {
  const path = filesOf(room)[file];
  if (!(await infoOf(path))?.isFile) {
    throw new RequestError(
      404,
      "Cannot give measurements: found none; measure the folder first",
    );
  }
  return attachment(await Deno.readFile(path), name);
}

/** All masks of the folder, and the faults of those that are left out. */
async function masksOf(room: StudioRoom): Promise<{
  readonly images: readonly MaskToMeasure[];
  readonly faults: readonly string[];
}> {
  const images: MaskToMeasure[] = [], faults: string[] = [];
  for (const { name, state } of await room.images.scan()) {
    if (state === "none") continue;
    try {
      images.push(await maskOf(room, name));
    } catch (error) {
      // What is wrong with one image does not concern the others.
      if (!(error instanceof UnetError)) throw error;
      faults.push(error.message);
    }
  }
  return { images, faults };
}

async function maskOf(
  room: StudioRoom,
  name: string,
): Promise<MaskToMeasure> {
  const { source, names, ...facts } = await sourceOfMask(room, name);
  return {
    ...{ ...facts, name, source: source.words, classNames: names },
    path: await room.images.pathOf(name),
    mask: (await room.images.maskPathOf(name))!,
  };
}
