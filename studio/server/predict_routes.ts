import { objectLimits, type ObjectSettings } from "@unet/app/object-options";
import { brief, UnetError } from "@unet/errors";
import { infoOf } from "@unet/files";
import { RequestError } from "@unet/http";
import { isDiameter } from "@unet/infer/diameter-settings";
import { markOf } from "../folder/image_states.ts";
import type { JobImage } from "../jobs/job_messages.ts";
import { allModels } from "../offered_models.ts";
import type { StudioRoom } from "../studio_room.ts";
import { readingFrom } from "./reading_from.ts";
import { readJson } from "./read_json.ts";
import { refused } from "./query.ts";
import type { Route } from "./route.ts";

/** Models, jobs and what they predicted. */
export const predictRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/models",
    answer: async (room) => Response.json(await allModels(room)),
  },
  {
    method: "GET",
    path: "/api/job",
    answer: ({ jobs }) => Response.json(jobs.state),
  },
  {
    method: "POST",
    path: "/api/predict",
    async answer(room, { request }) {
      const body = await readJson(request);
      const model = await modelOf(room, body.model);
      const diameter = diameterOf(body.diameter);
      const settings = body.settings === undefined
        ? null
        : settingsOf(body.settings);
      const reading = readingFrom(body.reading);
      const { images, faults } = body.name === undefined
        ? await allImages(room)
        : await oneImage(room, nameOf(body.name), body.replace === true);
      const job = {
        type: "predict",
        images,
        model,
        ...{ diameter, reading, settings },
      } as const;
      room.jobs.start(job, faults);
      return Response.json(room.jobs.state);
    },
  },
  {
    method: "POST",
    path: "/api/save",
    async answer(room, { request }) {
      const body = await readJson(request);
      const settings = settingsOf(body.settings);
      const image = await jobImage(room, nameOf(body.name), false);
      room.jobs.start({ type: "save", images: [image], settings });
      return Response.json(room.jobs.state);
    },
  },
  {
    method: "POST",
    path: "/api/cancel",
    async answer({ jobs }, { request }) {
      await readJson(request);
      jobs.cancel();
      return Response.json(jobs.state);
    },
  },
  {
    method: "POST",
    path: "/api/accept",
    async answer({ images, masks, events }, { request }) {
      const body = await readJson(request), name = nameOf(body.name);
      // Only images of the list have masks to accept.
      await images.pathOf(name);
      images.requireOneImage(name);
      await masks.flush(name);
      const path = await images.maskPathOf(name);
      const mask = path === null ? undefined : await markOf(path);
      if (mask === undefined) {
        throw new RequestError(
          409,
          `Cannot accept ${brief(name)}: found no mask`,
        );
      }
      const before = images.states.note(name);
      const isPredicted = before !== undefined &&
        images.states.stateOf(name, mask) !== "corrected";
      await images.states.add({
        // How many objects there are, and what found them, still holds.
        ...(isPredicted && before),
        ...{ image: name, mask },
        state: body.accepted === true
          ? "accepted"
          : before?.model && isPredicted
          ? "predicted"
          : "corrected",
      });
      const listed = await images.describe(name);
      events.send("image", listed);
      return Response.json(listed);
    },
  },
];

/** The images of a job, and the faults of those that it has to leave out. */
interface JobImages {
  readonly images: readonly JobImage[];
  readonly faults: readonly string[];
}

/** Images that have no mask yet, or one that no person changed. */
async function allImages(room: StudioRoom): Promise<JobImages> {
  const images: JobImage[] = [], faults: string[] = [];
  const found = (await room.images.scan())
    .filter(({ state }) => state === "none" || state === "predicted")
    .map(({ name }) => imageOrFault(room, name));
  for (const one of await Promise.all(found)) {
    if (one instanceof UnetError) faults.push(one.message);
    else images.push(one);
  }
  return { images, faults };
}

/** What is wrong with one image does not concern the others. */
async function imageOrFault(
  room: StudioRoom,
  name: string,
): Promise<JobImage | UnetError> {
  try {
    return await jobImage(room, name, false);
  } catch (error) {
    if (error instanceof UnetError) return error;
    throw error;
  }
}

async function oneImage(
  room: StudioRoom,
  name: string,
  isReplacing: boolean,
): Promise<JobImages> {
  return { images: [await jobImage(room, name, isReplacing)], faults: [] };
}

/**
 * An image of a job.
 *
 * @throws {RequestError} With status 409, if its mask is a person's work and is
 * not to be replaced, another program's file, that of another image, too, or
 * would lie among masks of one nucleus each.
 */
async function jobImage(
  { folder, images, masks, views }: StudioRoom,
  name: string,
  isReplacing: boolean,
): Promise<JobImage> {
  const path = await images.pathOf(name);
  images.requireOneImage(name);
  await images.requireObjectNumbers(name);
  await masks.flush(name);
  const mask = await images.savedMaskOf(name);
  const there = await images.maskPathOf(name);
  const isForeign = there !== null && await infoOf(mask) === null;
  const { state } = await images.describe(name);
  const isPersons = state === "corrected" || state === "accepted";
  if (isForeign || isPersons && !isReplacing) {
    throw new RequestError(
      409,
      `Cannot replace mask of ${brief(name)}: found ${
        isForeign ? "one of another program" : `one that is ${state}`
      }`,
    );
  }
  return {
    ...{ name, path, mask, root: folder.root },
    folder: await views.predictionOf(name),
    before: await markOf(mask) ?? null,
  };
}

async function modelOf(room: StudioRoom, model: unknown): Promise<string> {
  const models = await allModels(room);
  if (typeof model === "string" && models.includes(model)) return model;
  throw refused("model", textOfValue(model), models.join(", "));
}

function nameOf(name: unknown): string {
  if (typeof name === "string") return name;
  throw refused("name", textOfValue(name), "an image");
}

function diameterOf(value: unknown): number | "auto" | "off" | null {
  if (value === undefined) return null;
  if (value === "auto" || value === "off") return value;
  if (isDiameter(value)) return value;
  throw refused("diameter", textOfValue(value), "1…10000, auto or off");
}

function settingsOf(value: unknown): ObjectSettings {
  if (typeof value !== "object" || value === null) {
    throw refused("settings", textOfValue(value), "an object");
  }
  const given = value as Record<string, unknown>;
  const entries = Object.entries(objectLimits).map(([name, most]) => {
    const number = given[name];
    const isIn = typeof number === "number" && number >= 0 && number <= most;
    if (!isIn) throw refused(name, textOfValue(number), `0…${most}`);
    return [name, number];
  });
  return Object.fromEntries(entries);
}

function textOfValue(value: unknown): string | null {
  return value === undefined ? null : brief(value);
}
