import {
  choiceOfSettings,
  type DataSetting,
  type DataSource,
  nameOfSource,
  shellWord,
  shownPath,
  shownWord,
  sourcesOf,
  type TrainSettings,
} from "@unet/app";
import { findClasses, findObjectClasses } from "@unet/data";
import { DatasetError } from "@unet/errors";
import { programName } from "./program_name.ts";
import { describeMaskOptions, wordSetting } from "./word_settings.ts";

/**
 * The command that trains a new run, with a schedule of its own, from the best
 * weights of a run: on the same images, split alike, so that none that it
 * learned from judges it.
 *
 * @param settings The settings of the run.
 */
export async function freshStart(settings: TrainSettings): Promise<string> {
  const { data, out, learningRate, optimizer, tile } = settings;
  const words = [
    ...dataFlags(data),
    ...imageFlags(settings),
    ...await classFlags(settings),
    ...["--weights", shownWord(out)],
    ...tile === null ? [] : ["--tile", String(tile)],
    ...["--optimizer", optimizer],
    // What was learned is moved less than a network that starts at random.
    ...["--lr", String(Number((learningRate * 0.3).toPrecision(2)))],
  ];
  return `${programName()} train ${words.join(" ")}`;
}

function dataFlags(data: DataSetting): string[] {
  if (data === null || typeof data === "string") {
    return data === null ? [] : ["--data", shownWord(data)];
  }
  return data.flatMap(({ name, path }) => [
    "--data",
    name === nameOfSource(path)
      ? shownWord(path)
      : shellWord(`${name}=${shownPath(path)}`),
  ]);
}

/** What masks mean, but for defaults. */
function maskFlags({ mask, background }: TrainSettings): string[] {
  const words = describeMaskOptions({
    ...(mask !== "auto" && { mask }),
    ...(background.join() !== "0" && { background }),
  });
  return words === "" ? [] : words.split(" ");
}

/** What decides which images there are and which validate, but for defaults. */
function imageFlags(settings: TrainSettings): string[] {
  const { validation, test, modality, seed, splitSeed } = settings;
  const split = splitSeed ?? seed;
  return [
    ...roleFlags(settings),
    ...validation === 0.2 ? [] : ["--validation", String(validation)],
    ...test === 0 ? [] : ["--test", String(test)],
    ...modality === null ? [] : ["--modality", modality.join(",")],
    ...split === 0 || settings.roles !== null
      ? []
      : ["--split-seed", String(split)],
    ...settings.skipFaulty ? ["--skip-faulty"] : [],
    ...Object.entries(choiceOfSettings(settings)).flatMap((
      [name, value],
    ) => [`--${name}`, shellWord(String(value))]),
    ...maskFlags(settings),
  ];
}

/** What gives images roles and shares. */
function roleFlags(
  { roles, trainRole, validationRole, shares }: TrainSettings,
): string[] {
  const flag = (name: string, value: string | null): string[] =>
    value === null ? [] : [name, shellWord(value)];
  const list = Object.entries(shares ?? {})
    .map(([name, share]) => `${name}=${share}`).join(",");
  return [
    ...roles === null ? [] : ["--roles", shownWord(roles)],
    ...flag("--train-role", trainRole),
    ...flag("--validation-role", validationRole),
    ...flag("--shares", list || null),
  ];
}

/** What is labeled and which classes there are, but for what the data says. */
async function classFlags(
  { data, classes, objectClasses, ignore }: TrainSettings,
): Promise<string[]> {
  if (data === null) return [];
  const words = ignore.length === 0
    ? []
    : [wordSetting("ignore", ignore.join(","))];
  const named = classes?.map(({ name, value }) => `${name}=${value}`) ?? [];
  const [{ path }] = sourcesOf(data) as readonly [DataSource];
  const own = await orNothing(() => findClasses(path));
  if (JSON.stringify(own) !== JSON.stringify(classes)) {
    words.push(wordSetting("classes", named.join(",") || "off"));
  }
  if (classes) return words;
  const table = await orNothing(() => findObjectClasses(path));
  const ofTable = table?.names.slice(1) ?? table;
  if (JSON.stringify(ofTable) !== JSON.stringify(objectClasses)) {
    words.push(wordSetting("objectClasses", objectClasses?.join() ?? "off"));
  }
  return words;
}

/** What the data says; undefined where the file that says it is damaged. */
async function orNothing<Found>(
  find: () => Promise<Found>,
): Promise<Found | undefined> {
  try {
    return await find();
  } catch (error) {
    // The run never read the file: its flag keeps the next from reading it.
    if (!(error instanceof DatasetError)) throw error;
    return undefined;
  }
}
