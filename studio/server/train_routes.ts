import { join } from "@std/path";
import {
  completeTrainSettings,
  resumedSettings,
  type TrainChoices,
  type TrainSettings,
} from "@unet/app";
import { UsageError } from "@unet/errors";
import { infoOf, writeFile } from "@unet/files";
import { RequestError } from "@unet/http";
import { nextRunName } from "../folder/runs.ts";
import type { PreparedTraining } from "../jobs/trainings.ts";
import { allModels } from "../offered_models.ts";
import type { StudioRoom } from "../studio_room.ts";
import { countOf, refused, textOf } from "./query.ts";
import { readJson } from "./read_json.ts";
import type { Route } from "./route.ts";
import { formInputs, readForm } from "./train_form.ts";
import { rolesOf, trainImages } from "./train_images.ts";

/** The most samples that a training draws. */
const mostSamples = 8;

/** Trainings on the folder's masks. */
export const trainRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/training",
    answer: ({ trainings }) => Response.json(trainings.view),
  },
  {
    method: "GET",
    path: "/api/runs",
    answer: async ({ runs }) => Response.json(await runs.list()),
  },
  {
    method: "GET",
    path: "/api/train/form",
    async answer(room, { query }) {
      const from = await modelOf(room, query.get("model"));
      const recipe = query.get("recipe");
      const settings = await completed({
        ...fromForm(recipe === null ? usualValues(from) : { recipe }),
        data: room.folder.root,
        weights: from,
      });
      return Response.json({
        name: await nameFor(room, from),
        recipe: recipe ?? usualValues(from).recipe,
        inputs: formInputs(settings, from === null),
      });
    },
  },
  {
    method: "POST",
    path: "/api/train",
    async answer(room, { request }) {
      const body = await readJson(request);
      await room.trainings.start(() => prepare(room, body));
      return Response.json(room.trainings.view);
    },
  },
  {
    method: "POST",
    path: "/api/train/resume",
    async answer(room, { request }) {
      const { name } = await readJson(request);
      await room.trainings.start(() => prepareResumed(room, nameOf(name)));
      return Response.json(room.trainings.view);
    },
  },
  {
    method: "POST",
    path: "/api/train/stop",
    async answer({ trainings }, { request }) {
      await readJson(request);
      trainings.stop();
      return Response.json(trainings.view);
    },
  },
  {
    method: "GET",
    path: "/api/train/samples",
    async answer({ runs }, { query }) {
      const run = await runs.pathOf(textOf(query, "name"));
      const numbers = Array.from({ length: mostSamples }, (_, at) => at + 1);
      const there = await Promise.all(
        numbers.map((number) => infoOf(sampleOf(run, number))),
      );
      return Response.json(numbers.filter((_, at) => there[at]?.isFile));
    },
  },
  {
    method: "GET",
    path: "/api/train/sample",
    async answer({ runs }, { query }) {
      const run = await runs.pathOf(textOf(query, "name"));
      const number = countOf(query, "number", { least: 1, most: mostSamples });
      const file = sampleOf(run, number);
      if (!(await infoOf(file))?.isFile) {
        throw new RequestError(
          404,
          `Cannot show sample ${number}: found no such sample`,
        );
      }
      return new Response(await Deno.readFile(file), {
        headers: { "Content-Type": "image/png" },
      });
    },
  },
];

/** What is unlabeled in masks of the studio, of 16 and of 32 bits. */
const unlabeledNumbers = [2 ** 16 - 1, 2 ** 32 - 1];

/** The file of a sample, which the training draws. */
function sampleOf(run: string, number: number): string {
  return join(run, "samples", `${String(number).padStart(2, "0")}.png`);
}

/** What is typed before a person types anything. */
function usualValues(from: string | null): { readonly recipe: string } {
  return { recipe: from === null ? "standard" : "finetune" };
}

/** A new training, of what was typed. */
async function prepare(
  room: StudioRoom,
  { model, name, values = {} }: Readonly<Record<string, unknown>>,
): Promise<PreparedTraining> {
  const { folder: { root }, runs } = room;
  const from = await modelOf(room, model ?? null);
  if (typeof values !== "object" || values === null) {
    throw refused("values", wordOf(values), "an object");
  }
  const typed = fromForm({ ...usualValues(from), ...values });
  const run = name === undefined ? await nameFor(room, from) : nameOf(name);
  const out = await runs.newPathOf(run);
  await room.masks.flushAll();
  const { ids, hasUnlabeled, notes } = await trainImages(room);
  const plain = {
    ...(hasUnlabeled && { ignore: unlabeledNumbers }),
    ...{ ...typed, data: root, out, weights: from },
  };
  const { validation, seed } = await completed(plain);
  const roles = rolesOf(root, ids, { validation, seed });
  const isHeldOut = Object.values(roles).some((own) => "validation" in own);
  const { validation: _, ...others } = plain;
  // Beside the run, so that the command line can train on the same images.
  const file = join(out, "roles.json");
  const settings = await completed({
    ...{ ...others, roles: file },
    ...(!isHeldOut && { validation: 0 }),
  });
  await writeFile(file, JSON.stringify(roles, null, 2) + "\n", "roles");
  return { name: run, from, settings, notes };
}

/** A training that continues, on the images of this folder. */
async function prepareResumed(
  { folder: { root }, runs }: StudioRoom,
  name: string,
): Promise<PreparedTraining> {
  const settings = await resumedSettings(await runs.pathOf(name));
  const own = { ...settings, data: root };
  const notes = [
    "The images are those with which it began. To use other masks, train anew",
  ];
  return { name, from: settings.weights, settings: own, notes };
}

async function nameFor(
  { runs }: StudioRoom,
  from: string | null,
): Promise<string> {
  const taken = await runs.list();
  return nextRunName(from, taken.map(({ name }) => name));
}

/** The model to start from, which is offered; null for a new network. */
async function modelOf(
  room: StudioRoom,
  model: unknown,
): Promise<string | null> {
  if (model === null) return null;
  const known = await allModels(room);
  if (typeof model === "string" && known.includes(model)) return model;
  throw refused("model", wordOf(model), known.join(", "));
}

function nameOf(name: unknown): string {
  if (typeof name === "string") return name;
  throw refused("name", wordOf(name), "the name of a training");
}

function fromForm(values: Readonly<Record<string, unknown>>): TrainChoices {
  return orRefuse(() => readForm(values));
}

async function completed(choices: TrainChoices): Promise<TrainSettings> {
  return await orRefuse(() => completeTrainSettings(choices));
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : String(JSON.stringify(value));
}

/** What was typed is a matter of the request. */
function orRefuse<Value>(work: () => Value): Value {
  const refuse = (error: unknown): never => {
    if (!(error instanceof UsageError)) throw error;
    throw new RequestError(400, error.message);
  };
  try {
    const value = work();
    return value instanceof Promise ? value.catch(refuse) as Value : value;
  } catch (error) {
    return refuse(error);
  }
}
