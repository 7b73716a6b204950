import type { IntensityRange } from "@unet/data";
import { encodeJpeg } from "@unet/data";
import type { ShownImage } from "../images/shown_image.ts";
import {
  choiceOf,
  countOf,
  orMissing,
  placeOf,
  refused,
  textOf,
} from "./query.ts";
import type { Route } from "./route.ts";

/** What is made of a version of a file never changes. */
const forever = { "Cache-Control": "private, max-age=86400, immutable" };

const largest = 2 ** 31;

/** Images and masks, as they are looked at. */
export const imageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/image",
    async answer({ views, images, masks }, { query }) {
      const name = textOf(query, "name"), choice = choiceOf(query);
      // Another program may have changed a mask that is in memory.
      await (await masks.find(name))?.look();
      const versions = await views.versionsOf(name);
      const mask = versions.mask === null
        ? null
        : await views.useMask(name, ({ width, height }) =>
          Promise.resolve({ width, height }));
      const shown = await views.useView(name, choice, (view) => {
        const { tile: _t, thumbnail: _h, values: _v, ...about } = view;
        const { width, height } = view;
        const fits = mask === null ||
          mask.width === width && mask.height === height;
        const found: ShownImage = {
          ...{ ...about, name, choice },
          versions: fits ? versions : { ...versions, mask: null },
          notes: fits ? about.notes : [
            ...about.notes,
            `The mask is not shown: it has ${mask.width} × ${mask.height} ` +
            `pixels, the image ${width} × ${height}`,
          ],
        };
        return Promise.resolve(found);
      });
      return Response.json({ ...shown, listed: await images.describe(name) });
    },
  },
  {
    method: "GET",
    path: "/api/thumbnail",
    answer: async ({ views }, { query }) =>
      new Response(await views.thumbnail(textOf(query, "name")), {
        headers: {
          "Content-Type": "image/jpeg",
          "Cache-Control": "private, max-age=60",
        },
      }),
  },
  {
    method: "GET",
    path: "/api/tile",
    async answer({ views }, { query }) {
      const place = placeOf(query), ranges = rangesOf(query);
      const jpeg = await views.useView(
        textOf(query, "name"),
        choiceOf(query),
        async (view) =>
          await encodeJpeg(await orMissing(view.tile(place, ranges)), 92),
      );
      return new Response(new Uint8Array(jpeg), {
        headers: { ...forever, "Content-Type": "image/jpeg" },
      });
    },
  },
  {
    method: "GET",
    path: "/api/labels",
    async answer({ views }, { query }) {
      const place = placeOf(query);
      const { width, height, data } = await views.useMask(
        textOf(query, "name"),
        (mask) => orMissing(mask.tile(place)),
      );
      return new Response(data, {
        headers: {
          ...forever,
          "Content-Type": "application/octet-stream",
          "X-Size": `${width} ${height}`,
        },
      });
    },
  },
  {
    method: "GET",
    path: "/api/pixel",
    async answer({ views }, { query }) {
      const name = textOf(query, "name");
      const x = countOf(query, "x", { most: largest });
      const y = countOf(query, "y", { most: largest });
      const values = await views.useView(
        name,
        choiceOf(query),
        (view) => orMissing(view.values(x, y)),
      );
      const { mask } = await views.versionsOf(name);
      const label = mask === null ? 0 : await views.useMask(
        name,
        (mask) => mask.labelAt(x, y).catch(zeroBeyond),
      );
      // JSON has no NaN.
      return Response.json({ values: values.map(String), label });
    },
  },
];

/** Ranges as `0:255,10:80`; nothing where none are asked for. */
function rangesOf(query: URLSearchParams): IntensityRange[] | undefined {
  const text = query.get("ranges");
  if (text === null) return undefined;
  return text.split(",", 200).map((pair) => {
    const [low, high, ...others] = pair.split(":").map(Number);
    const isRange = Number.isFinite(low) && Number.isFinite(high) &&
      others.length === 0 && low! <= high!;
    if (!isRange) throw refused("ranges", text, "LOW:HIGH,…");
    return { low: low!, high: high! };
  });
}

/** A mask may be smaller than its image. */
function zeroBeyond(error: unknown): number {
  if (error instanceof RangeError) return 0;
  throw error;
}
