import { drawSampleImages } from "@unet/app/draw-sample-images";
import { RequestError } from "@unet/http";
import { readJson } from "./read_json.ts";
import type { Route } from "./route.ts";

/** Images to begin with, in a folder that has none. */
export const sampleRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/samples",
    async answer({ folder, images }, { request }) {
      await readJson(request);
      if ((await images.scan()).length > 0) {
        throw new RequestError(
          409,
          "Cannot draw sample images: found images in the folder, expected none",
        );
      }
      return Response.json(await drawSampleImages(folder.root));
    },
  },
];
