import { heatTile } from "@unet/app/heat-tile";
import type { KeptPrediction } from "@unet/app/kept-prediction";
import { RequestError } from "@unet/http";
import type { ShownPrediction } from "../images/shown_image.ts";
import type { StudioRoom } from "../studio_room.ts";
import { countOf, orMissing, placeOf, refused, textOf } from "./query.ts";
import type { Route } from "./route.ts";

/** The most values of an answer: a view of 2048×2048 pixels. */
const mostValues = 2 ** 22;

const largest = 2 ** 31;

/** What a network predicted, kept for sliders and heat maps. */
export const predictionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/prediction",
    async answer({ views, images }, { query }) {
      const name = textOf(query, "name");
      const kept = await views.prediction(name);
      if (kept === null) return Response.json(null);
      const { info } = kept;
      const saved = images.states.note(name)?.settings;
      const found: ShownPrediction = {
        ...info,
        saved: { ...info.settings, ...saved },
      };
      return Response.json(found);
    },
  },
  {
    method: "GET",
    path: "/api/probabilities",
    async answer({ views }, { query }) {
      const part = {
        x: countOf(query, "x", { most: largest }),
        y: countOf(query, "y", { most: largest }),
        width: countOf(query, "width", { least: 1, most: mostValues }),
        height: countOf(query, "height", { least: 1, most: mostValues }),
      };
      if (part.width * part.height > mostValues) {
        throw new RequestError(
          413,
          `Cannot read prediction: found ${part.width}×${part.height} pixels, expected at most ${mostValues}`,
        );
      }
      const kept = await keptOf(views, textOf(query, "name"));
      const head = textOf(query, "head"), { heads } = kept.info;
      // Of classes there are many values per pixel, which the page needs not.
      if (!heads.includes(head)) {
        throw refused("head", head, heads.join(" or "));
      }
      return bytes(await orMissing(kept.read(head, part)));
    },
  },
  {
    method: "GET",
    path: "/api/heat",
    async answer({ views }, { query }) {
      const kept = await keptOf(views, textOf(query, "name"));
      const { width, height, data } = await orMissing(
        heatTile(kept, placeOf(query)),
      );
      return bytes(data, { "X-Size": `${width} ${height}` });
    },
  },
];

async function keptOf(
  views: StudioRoom["views"],
  name: string,
): Promise<KeptPrediction> {
  const kept = await views.prediction(name);
  if (kept !== null) return kept;
  throw new RequestError(
    404,
    `Cannot show prediction of ${JSON.stringify(name)}: found none`,
  );
}

function bytes(
  values: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(values, {
    headers: { ...headers, "Content-Type": "application/octet-stream" },
  });
}
