import { basename } from "@std/path";
import { MaskMeasurer } from "@unet/app/mask-measurer";
import { takeWritten } from "@unet/files/written-files";
import { LabelTiff, PngWriter } from "@unet/infer/outputs";
import {
  endingOfObjects,
  type ObjectFormat,
  objectFormatNames,
} from "@unet/infer/write-objects";
import { columnsOf, writeChosen } from "../../measure/measured_columns.ts";
import {
  noFilter,
  parseFilter,
  takesAll,
} from "../../measure/object_filter.ts";
import { encodeTable } from "../../measure/table_message.ts";
import { choiceOf } from "./image_routes.ts";
import { type PageImage, stateOf } from "./page_image.ts";
import type { Room } from "./room.ts";
import { RoomError } from "./room_error.ts";
import type { Route } from "./route.ts";

/** A file that the page saves. */
export interface PageFile {
  /** Its name. */
  readonly name: string;
  /** Its bytes. */
  readonly content: Blob;
}

let files = 0;

/** Where a file is written before the page has it: each in a place of its own. */
const newScratch = (): string => `/file${++files}`;

/** Tables and files of objects. */
export const fileRoutes: Readonly<Record<string, Route>> = {
  "/api/measurements": async ({ room }, query) => {
    const name = query["name"]!, choice = choiceOf(query);
    const image = requireMask(room, name), state = stateOf(image);
    const measured = await measure(room, name, query);
    const { values, ...columns } = columnsOf(measured, true);
    const version = image.mask!.version;
    const words = state === "predicted"
      ? `predicted by ${image.prediction!.info.model}`
      : state;
    const source = { state: state as "predicted", words };
    const head = { name, choice, version, source, ...columns };
    return encodeTable(head, values);
  },
  "/api/measurements/file": async ({ room }, query): Promise<PageFile> => {
    const name = query["name"]!;
    const format = objectFormatNames.find((one) => one === query["format"]) ??
      "csv";
    const filter = query["filter"] === undefined
      ? noFilter
      : parseFilter(JSON.parse(query["filter"])) ?? noFilter;
    requireMask(room, name);
    const scratch = newScratch();
    await writeChosen(await measure(room, name, query), {
      ...{ path: scratch, format: format as ObjectFormat, filter },
      name: basename(name),
    });
    const ending = (takesAll(filter) ? "" : "_filtered") +
      endingOfObjects(format);
    return { name: stemOf(name) + ending, content: takeWritten(scratch) };
  },
  "/api/mask/file": async ({ room }, query): Promise<PageFile> => {
    const name = query["name"]!, { mask, prediction } = requireMask(room, name);
    const { width, height, data } = mask!.labels;
    const pixelSize = prediction?.info.pixelSize;
    const size = { width, height, ...(pixelSize && { pixelSize }) };
    const scratch = newScratch();
    if (query["format"] === "png") {
      await using png = await PngWriter.open(scratch, {
        ...{ ...size, depth: 16, thing: "mask" },
      });
      await png.writeRows(Uint16Array.from(data, within16(name)));
      await png.finish();
      return { name: `${stemOf(name)}.png`, content: takeWritten(scratch) };
    }
    await using tiff = await LabelTiff.open(scratch, size);
    await tiff.writeRows(data);
    await tiff.finish();
    const ending = "_labels.tif";
    return { name: stemOf(name) + ending, content: takeWritten(scratch) };
  },
};

/** Labels that 16 bits can hold. */
function within16(name: string): (label: number) => number {
  return (label) => {
    if (label <= 0xffff) return label;
    throw new RoomError(
      `Cannot write mask of ${
        JSON.stringify(name)
      } as PNG: found label ${label}, expected at most 65535; use TIFF`,
    );
  };
}

function requireMask(room: Room, name: string): PageImage {
  const image = room.imageOf(name);
  if (image.mask) return image;
  throw new RoomError(
    `Cannot measure image ${
      JSON.stringify(name)
    }: found no mask; predict it, or draw its objects`,
  );
}

async function measure(
  room: Room,
  name: string,
  query: Readonly<Record<string, string>>,
) {
  const { mask, prediction } = room.imageOf(name);
  const { classes, names } = mask!.foundClasses;
  await using measurer = await MaskMeasurer.open(name, choiceOf(query));
  const threshold = mask!.content === 0
    ? prediction?.info.settings.threshold ?? null
    : null;
  return await measurer.measure(mask!.labels, {
    ...{ classes, classNames: names },
    ...(prediction && { prediction: { kept: prediction, threshold } }),
  });
}

/** As `segment()` names its files: `cells` of `cells.ome.tif`. */
function stemOf(name: string): string {
  return basename(name).replace(/(?<=.)(\.ome)?\.[^.]*$/i, "");
}
