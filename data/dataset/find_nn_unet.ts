import { brief, briefText, cannot, DatasetError } from "@unet/errors";
import { parseJson } from "@unet/files";
import { isObject } from "../json_object.ts";
import { readableFormats } from "../images/image_format.ts";
import { faultOfClasses, withBackgroundFirst } from "../masks/class_list.ts";
import type { MaskClass } from "../masks/mask_options.ts";
import { isImageName } from "./case_names.ts";
import { type DataFile, readDataFile } from "./data_file.ts";

/** The content of nnU-Net's `dataset.json`. */
export interface NnUnetDataset {
  /** The classes of masks by their numbers, the background first. */
  readonly classes: readonly MaskClass[];
  /** The number of pixels that nobody labeled; null where there is none. */
  readonly ignored: number | null;
  /** The names of the channels, in order. */
  readonly channels: readonly string[];
  /** How the names of images and masks end; null where it does not say. */
  readonly fileEnding: string | null;
  /** Where it lies, for messages. */
  readonly path: string;
}

/**
 * Reads the `dataset.json` of nnU-Net beside `imagesTr`, of its first or second
 * version: `labels` by name or by number, `channel_names` or `modality`,
 * `file_ending`, and the label "ignore".
 *
 * @param path The folder or zip of images and masks.
 * @returns What it says; null where there is no such file, or another
 * program's.
 * @throws {DatasetError} If it contradicts itself, or asks for what is not read
 * here: regions, or images of other formats.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { findNnUnet } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/dataset.json`, JSON.stringify({
 *   channel_names: { 0: "DAPI" },
 *   labels: { background: 0, nucleus: 1, ignore: 2 },
 *   file_ending: ".png",
 * }));
 * const found = await findNnUnet(folder);
 * assertEquals(found?.classes.map(({ name }) => name), ["background", "nucleus"]);
 * assertEquals([found?.ignored, found?.channels], [2, ["DAPI"]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function findNnUnet(path: string): Promise<NnUnetDataset | null> {
  const file = await readDataFile(path, "dataset.json");
  return file && parseNnUnet(file);
}

/**
 * Reads the text of a `dataset.json`.
 *
 * @returns What it says; null where it is another program's.
 * @throws {DatasetError} As {@linkcode findNnUnet}.
 */
export function parseNnUnet(file: DataFile): NnUnetDataset | null {
  const bad: Bad = (found, expected, remedy) =>
    new DatasetError(cannot("read", "description", file.path, {
      ...{ found, expected },
      ...(remedy !== undefined && { remedy }),
    }));
  const json = objectOf(file.text);
  const channels = json?.channel_names ?? json?.modality;
  // Other programs have a file of that name, too.
  if (!json || !isObject(channels)) return null;
  if (!isObject(json.labels)) {
    throw bad(`labels ${brief(json.labels)}`, "numbers by name");
  }
  const { classes, ignored } = labelsOf(json.labels, bad);
  return {
    ...{ classes, ignored, path: file.path },
    channels: channelsOf(json, bad),
    fileEnding: endingOf(json.file_ending, bad),
  };
}

/** Words a refusal. */
type Bad = (found: string, expected: string, remedy?: string) => DatasetError;

type Json = Readonly<Record<string, unknown>>;

function objectOf(text: string): Json | null {
  try {
    const json = parseJson(text);
    return isObject(json) ? json : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** Numbers by name, or as in the first version names by number. */
function labelsOf(
  labels: Json,
  bad: Bad,
): Pick<NnUnetDataset, "classes" | "ignored"> {
  const entries = Object.entries(labels);
  const isByNumber = entries.length > 0 &&
    entries.every(([key, value]) =>
      /^\d{1,9}$/.test(key) && typeof value === "string"
    );
  const all = entries.map(([key, stored]): { name: string; value: number } => {
    // A list of one number is that number to nnU-Net, too.
    const value = Array.isArray(stored) && stored.length === 1
      ? stored[0]
      : stored;
    if (isByNumber) return { name: String(value), value: Number(key) };
    if (Array.isArray(value)) {
      throw bad(
        `label ${brief(key)} as a region of ${brief(value)}`,
        "a number per class",
        "name the classes of the numbers as `classes`",
      );
    }
    if (!Number.isSafeInteger(value) || Number(value) < 0) {
      throw bad(`label ${brief(key)} with ${brief(value)}`, "a whole number");
    }
    return { name: key, value: Number(value) };
  });
  const ignored = all.find(({ name }) => name === "ignore");
  const classes = withBackgroundFirst(
    all.filter((one) => one !== ignored)
      .map(({ name, value }) => ({ name: nameOf(name), value })),
  );
  const fault = faultOfClasses(classes);
  if (fault) throw bad(`labels with ${fault.found}`, fault.expected);
  if (classes[0]!.name.toLowerCase() !== "background" || classes[0]!.value) {
    throw bad(
      `no label "background" with 0`,
      "the background's number, which is 0 in nnU-Net",
    );
  }
  const highest = Math.max(...classes.map(({ value }) => Number(value)));
  if (ignored && ignored.value <= highest) {
    throw bad(
      `label "ignore" with ${ignored.value}`,
      `a number above those of the classes, at least ${highest + 1}`,
    );
  }
  // Outputs number the classes in this order, as nnU-Net does by the labels.
  const sorted = classes.toSorted((a, b) => Number(a.value) - Number(b.value));
  return { classes: sorted, ignored: ignored?.value ?? null };
}

/** A class by the letters that names of classes have here. */
function nameOf(name: string): string {
  return name.normalize("NFC").replaceAll(/[^\p{L}\p{N} _-]+/gu, " ").trim();
}

/** Names by number from 0; both versions' where both are there. */
function channelsOf(json: Json, bad: Bad): string[] {
  const lists = (["channel_names", "modality"] as const).flatMap((key) => {
    const names = json[key];
    if (names === undefined) return [];
    if (!isObject(names)) {
      throw bad(`${key} ${brief(names)}`, "names by number");
    }
    const count = Object.keys(names).length;
    return [
      Array.from({ length: count }, (_, at) => {
        const name = names[at];
        if (typeof name === "string") return name;
        throw bad(`${key} without "${at}"`, "names by number, from 0");
      }),
    ];
  });
  const [first = [], other] = lists;
  if (other && JSON.stringify(first) !== JSON.stringify(other)) {
    throw bad("channel_names and modality that differ", "one of the two");
  }
  if (first.length === 0) throw bad("no channel", "at least one");
  return first;
}

function endingOf(ending: unknown, bad: Bad): string | null {
  if (ending === undefined) return null;
  if (typeof ending !== "string") {
    throw bad(`file_ending ${brief(ending)}`, 'an ending, as in ".png"');
  }
  if (isImageName(`a${ending}`)) return ending;
  throw bad(
    `images ending in ${briefText(ending)}`,
    readableFormats,
    "convert images and masks; there is no 3D here",
  );
}
