import { KeptPrediction } from "@unet/app/kept-prediction";
import { type MaskScores, scoreMask } from "@unet/app/score-mask";
import { infoOf } from "@unet/files";
import { RequestError } from "@unet/http";
import { labelsIn } from "../jobs/compare.ts";
import { allModels } from "../offered_models.ts";
import { shortName } from "../short_name.ts";
import type { StudioRoom } from "../studio_room.ts";
import { orMissing, placeOf, refused, textOf } from "./query.ts";
import { readJson } from "./read_json.ts";
import type { Route } from "./route.ts";

/** What a model made of an image that is compared. */
export interface ComparedObjects {
  /** The model. */
  readonly model: string;
  /** Names the state of what is kept. */
  readonly version: string;
  /** How well it agrees with the mask; null where a person made none. */
  readonly scores: MaskScores | null;
  /**
   * The model whose prediction was accepted as the mask: it agrees with itself,
   * so these scores compare nothing. Null where a person drew or mended it.
   */
  readonly maskOf: string | null;
}

/** Two models, image by image. */
export const compareRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/compare",
    async answer(room, { request }) {
      const { name, models } = await readJson(request);
      if (typeof name !== "string") {
        throw refused("name", String(name), "an image");
      }
      const path = await room.images.pathOf(name);
      const compared = await Promise.all(
        (await modelsOf(room, models)).map(async (model) => ({
          ...{ model, folder: await room.views.comparisonOf(name, model) },
        })),
      );
      room.jobs.start({ type: "compare", name, path, models: compared });
      return Response.json(room.jobs.state);
    },
  },
  {
    method: "GET",
    path: "/api/comparison",
    async answer(room, { query }) {
      const name = textOf(query, "name"), models = query.getAll("model");
      await room.images.pathOf(name);
      const found = await modelsOf(room, models);
      return Response.json(
        await Promise.all(found.map((model) => objectsOf(room, name, model))),
      );
    },
  },
  {
    method: "GET",
    path: "/api/comparison/labels",
    async answer(room, { query }) {
      const [model] = await modelsOf(room, query.getAll("model"));
      const folder = await room.views.comparisonOf(
        textOf(query, "name"),
        model!,
      );
      const labels = labelsIn(folder);
      if (!await infoOf(labels)) {
        throw new RequestError(
          404,
          "Cannot show objects: found none of this model; compare the image",
        );
      }
      const { width, height, data } = await room.views.useLabels(
        labels,
        (view) => orMissing(view.tile(placeOf(query))),
      );
      return new Response(data, {
        headers: {
          "Cache-Control": "private, max-age=86400, immutable",
          "Content-Type": "application/octet-stream",
          "X-Size": `${width} ${height}`,
        },
      });
    },
  },
];

/** What is kept of a model's prediction; null where nothing is. */
async function objectsOf(
  { images, views }: StudioRoom,
  name: string,
  model: string,
): Promise<ComparedObjects | null> {
  const folder = await views.comparisonOf(name, model);
  const labels = labelsIn(folder), info = await infoOf(labels);
  if (!info || await KeptPrediction.open(folder) === null) return null;
  const { state } = await images.describe(name);
  const isTrue = state === "accepted" || state === "corrected";
  const mask = isTrue ? await images.maskPathOf(name) : null;
  const scores = mask === null ? null : await scoreMask(mask, labels);
  const maskOf = state === "accepted"
    ? images.states.note(name)?.model ?? null
    : null;
  return {
    ...{ model, scores, version: String(info.mtime?.getTime() ?? 0) },
    maskOf: maskOf && shortName(maskOf),
  };
}

/** One or two models that are offered. */
async function modelsOf(
  room: StudioRoom,
  models: unknown,
): Promise<readonly string[]> {
  const known = await allModels(room);
  const isFit = Array.isArray(models) && models.length >= 1 &&
    models.length <= 2 && models.every((model) => known.includes(model));
  if (isFit) return models;
  throw refused(
    "models",
    String(JSON.stringify(models)),
    `one or two of ${known.join(", ")}`,
  );
}
