import type { ViewChoice } from "@unet/app/view";
import { pictureOf } from "./picture_of.ts";
import { listedOf } from "./page_image.ts";
import type { Route } from "./route.ts";

/** The most pixels of a side of a thumbnail: two for each of the page's. */
const thumbnailSide = 112;

/** Images and masks, as they are looked at. */
export const imageRoutes: Readonly<Record<string, Route>> = {
  "/api/folder": ({ room }) => ({
    ...{ name: "Nuclei", path: "" },
    images: room.images.map(listedOf),
  }),
  "/api/image": async ({ room }, query) => {
    const name = query["name"]!, choice = choiceOf(query);
    const versions = room.versionsOf(name);
    return await room.useView(name, choice, (view) => {
      const { tile: _t, thumbnail: _h, values: _v, ...about } = view;
      const { [Symbol.asyncDispose]: _d, ...plain } = about;
      const listed = listedOf(room.imageOf(name));
      return Promise.resolve({ ...plain, name, choice, versions, listed });
    });
  },
  "/api/thumbnail": async ({ room }, query) =>
    await room.useView(
      query["name"]!,
      {},
      async (view) =>
        await pictureOf(await view.thumbnail(thumbnailSide), "image/jpeg"),
    ),
  "/api/tile": async ({ room }, query) =>
    await room.useView(
      query["name"]!,
      choiceOf(query),
      async (view) =>
        await pictureOf(
          await view.tile(placeOf(query), rangesOf(query["ranges"])),
          "image/jpeg",
        ),
    ),
  "/api/labels": async ({ room }, query) =>
    await room.labelsOf(query["name"]!).tile(placeOf(query)),
  "/api/pixel": async ({ room }, query) => {
    const name = query["name"]!;
    const x = Number(query["x"]), y = Number(query["y"]);
    const values = await room.useView(
      name,
      choiceOf(query),
      (view) => view.values(x, y),
    );
    const { mask } = room.imageOf(name);
    const label = mask?.labels.data[y * mask.labels.width + x] ?? 0;
    return { values: values.map(String), label };
  },
};

/** The plane and time point of a query. */
export function choiceOf(
  { plane, time }: Readonly<Record<string, string>>,
): ViewChoice {
  return {
    ...(plane !== undefined && { plane: Number(plane) }),
    ...(time !== undefined && { time: Number(time) }),
  };
}

function placeOf({ level, x, y }: Readonly<Record<string, string>>) {
  return { level: Number(level), x: Number(x), y: Number(y) };
}

/** Ranges as `0:255,10:80`; nothing where none are asked for. */
function rangesOf(text: string | undefined) {
  return text?.split(",").map((pair) => {
    const [low = 0, high = 0] = pair.split(":").map(Number);
    return { low, high };
  });
}
