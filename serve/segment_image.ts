import { join, SEPARATOR } from "@std/path";
import type { ReadingNote } from "@unet/data";
import { UnetError } from "@unet/errors";
import { RequestError } from "@unet/http";
import type { SegmentedFile } from "@unet/infer";
import { type AnswerFormat, formatOf, mediaTypes } from "./answer_formats.ts";
import { compute, type CountedWork } from "./compute.ts";
import { findServed } from "./find_served.ts";
import { choicesOf } from "./parameters.ts";
import { readImage, type SentImage } from "./read_image.ts";
import { refuseOpen } from "./refuse_open.ts";
import type {
  AskedWork,
  Choices,
  ServedModel,
  ServerRoom,
} from "./server_room.ts";

/** `POST /segment`: an image in; a file of `unet segment` or its counts out. */
export async function segmentImage(
  room: ServerRoom,
  asked: AskedWork,
): Promise<Response> {
  const { query, request } = asked;
  const { model: name, format: wanted, ...others } = valuesOf(query);
  const model = findServed(room, name);
  const accept = request.headers.get("accept");
  const format = formatOf(wanted ?? null, accept, model.finding);
  const choices = choicesOf(others, "images", "the address");
  const sent = await readImage(asked, room.limits);
  const folder = await Deno.makeTempDir({ dir: room.folder });
  try {
    const path = await written(sent, folder);
    const work = { path, folder, format, choices };
    return await compute(
      ...[room, model, asked] as const,
      () => segmentFile(room, model, { ...work, signal: asked.signal }),
    );
  } catch (error) {
    throw withoutFolder(error, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A fault without the place of the image on this machine. */
function withoutFolder(error: unknown, folder: string): unknown {
  if (!(error instanceof UnetError && error.message.includes(folder))) {
    return error;
  }
  const message = error.message.replaceAll(join(folder, SEPARATOR), "");
  return new RequestError(422, message, { cause: error });
}

/** The values of an address, each once. */
function valuesOf(query: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of query) {
    if (Object.hasOwn(values, name)) {
      throw new RequestError(
        400,
        `Cannot use parameter "${
          name.slice(0, 100)
        }": found it twice, expected one value`,
      );
    }
    values[name] = value;
  }
  return values;
}

async function written(
  { bytes, kind }: SentImage,
  folder: string,
): Promise<string> {
  const path = join(folder, `image.${kind}`);
  await Deno.writeFile(path, bytes);
  return path;
}

interface FileWork {
  readonly path: string;
  readonly folder: string;
  readonly format: AnswerFormat;
  readonly choices: Choices;
  readonly signal: AbortSignal;
}

async function segmentFile(
  { limits }: ServerRoom,
  { thread, finding }: ServedModel,
  { path, folder, format, choices, signal }: FileWork,
): Promise<CountedWork<Response>> {
  const { mostPixels: most } = limits;
  // What is written where only counts are wanted: the smallest file.
  const written = format !== "json"
    ? format
    : finding === "objects"
    ? "labels"
    : "tiff";
  const all = {
    ...choices,
    ...{ out: join(folder, "out"), formats: [written], maxPixels: most },
  };
  const look = await thread.do({ type: "look", path, choices: all }, signal);
  const pixels = look.width * look.height * look.planes;
  if (pixels > most) {
    throw new RequestError(
      413,
      `Cannot segment image: found ${pixels} pixels, expected at most ${most}`,
    );
  }
  const notes = refuseOpen(look);
  const file = await thread.do({ type: "segment", path, choices: all }, signal);
  const result = format === "json"
    ? Response.json(countsOf(file, notes))
    : await fileOf(file, { format, notes });
  return { result, pixels };
}

async function fileOf(
  file: SegmentedFile,
  { format, notes }: {
    readonly format: Exclude<AnswerFormat, "json">;
    readonly notes: readonly ReadingNote[];
  },
): Promise<Response> {
  const bytes = await Deno.readFile(file.outputs[format]!);
  const headers = new Headers({ "Content-Type": mediaTypes[format] });
  if (file.objects !== undefined) {
    headers.set("Unet-Objects", String(file.objects));
  }
  if (notes.length > 0) {
    const said = notes.map(({ text }) => text).join("; ");
    headers.set("Unet-Notes", said.replaceAll(/[^ -~]/g, encodeURIComponent));
  }
  return new Response(bytes, { headers });
}

/** What is counted, without the names of files on this machine. */
function countsOf(file: SegmentedFile, notes: readonly ReadingNote[]) {
  const { width, height, stack, foreground, objects, area } = file;
  const { objectClasses, classes, imageScale } = file;
  return {
    ...{ width, height, stack, foreground, objects, area },
    ...{ objectClasses, classes, imageScale },
    notes: notes.map(({ text }) => text),
  };
}
