import { basename, extname, join } from "@std/path";
import {
  endingOfObjects,
  type ObjectFormat,
  objectFormatNames,
} from "@unet/infer/write-objects";
import { makeFolder } from "@unet/files";
import type { ViewChoice } from "@unet/app/view";
import { jsonOf } from "../folder/json_of.ts";
import { readRegion } from "../folder/region.ts";
import { sourceOfMask } from "../measure/mask_source.ts";
import type {
  MeasuredFile,
  MeasureRequest,
} from "../measure/measure_messages.ts";
import { noFilter, parseFilter, takesAll } from "../measure/object_filter.ts";
import { encodeTable, type TableHead } from "../measure/table_message.ts";
import type { StudioRoom } from "../studio_room.ts";
import { attachment } from "./attachment.ts";
import { choiceOf, refused, textOf } from "./query.ts";
import type { Route } from "./route.ts";

/** What objects measure. */
export const measureRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/measurements",
    async answer(room, { query }) {
      const name = textOf(query, "name"), choice = choiceOf(query);
      let head: Pick<TableHead, "version" | "source">;
      const measured = await room.measurements.measure(async () => {
        const { request, source, version } = await steadyRequest(
          room,
          name,
          choice,
        );
        head = { version, source };
        return { ...request, file: null };
      });
      const { values, ...columns } = measured;
      return new Response(
        encodeTable({ name, choice, ...head!, ...columns }, values),
        { headers: { "Content-Type": "application/octet-stream" } },
      );
    },
  },
  {
    method: "GET",
    path: "/api/measurements/file",
    async answer(room, { query }) {
      const name = textOf(query, "name"), choice = choiceOf(query);
      // Only images of the list have a region's note.
      await room.images.pathOf(name);
      const format = formatOf(query), filter = filterOf(query);
      const folder = join(room.folder.cache, "files");
      await makeFolder(folder);
      const path = join(folder, crypto.randomUUID());
      const region = await readRegion(room.folder.root, name);
      const file: MeasuredFile = {
        ...{ path, format, filter },
        name: basename(name),
        ...(region && { offset: region }),
      };
      try {
        await room.measurements.measure(async () => ({
          ...(await requestOf(room, name, choice)).request,
          file,
        }));
        const own = basename(name, extname(name)) +
          (takesAll(filter) ? "" : "_filtered") + endingOfObjects(format);
        return attachment(await Deno.readFile(path), own);
      } finally {
        await Deno.remove(path).catch(missing);
      }
    },
  },
];

/** How often edits may come in between until an older version is named. */
const mostTries = 10;

/** What the thread is asked to measure, and the version of that very mask. */
async function steadyRequest(
  room: StudioRoom,
  name: string,
  choice: ViewChoice,
) {
  for (let tries = 1;; tries++) {
    const { mask } = await room.views.versionsOf(name);
    const asked = await requestOf(room, name, choice);
    const after = await room.views.versionsOf(name);
    if (after.mask === mask || tries === mostTries) {
      return { ...asked, version: mask };
    }
  }
}

/** What the thread is asked to measure, of the mask as it is now. */
async function requestOf(
  room: StudioRoom,
  name: string,
  choice: ViewChoice,
): Promise<{
  readonly request: Omit<MeasureRequest, "id" | "file">;
  readonly source: TableHead["source"];
}> {
  const { images, masks, views } = room;
  const { source, names, classes, kept, threshold } = await sourceOfMask(
    room,
    name,
  );
  const { image } = await views.versionsOf(name);
  const path = await images.pathOf(name);
  const labels = (await masks.find(name))?.labels;
  return {
    source,
    request: {
      ...{ path, version: image, choice, kept, threshold },
      ...{ classNames: names, classes },
      // Edits continue while it is measured.
      mask: labels
        ? { ...labels, data: labels.data.slice() }
        : (await images.maskPathOf(name))!,
    },
  };
}

function formatOf(query: URLSearchParams): ObjectFormat {
  const text = textOf(query, "format");
  const format = objectFormatNames.find((each) => each === text);
  if (format) return format;
  throw refused("format", text, objectFormatNames.join(", "));
}

/** The longest filter of an address. */
const longest = 2 ** 16;

function filterOf(query: URLSearchParams): MeasuredFile["filter"] {
  const text = query.get("filter");
  if (text === null) return noFilter;
  const filter = text.length <= longest ? parseFilter(jsonOf(text)) : null;
  if (filter) return filter;
  throw refused("filter", text, "ranges of columns, and classes");
}

function missing(cause: unknown): void {
  if (!(cause instanceof Deno.errors.NotFound)) throw cause;
}
