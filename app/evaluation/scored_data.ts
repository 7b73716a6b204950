import { join, resolve } from "@std/path";
import {
  findClasses,
  type MaskClass,
  type MaskOptions,
  maskReadings,
} from "@unet/data";
import {
  brief,
  cannot,
  DatasetError,
  TrainingError,
  UsageError,
} from "@unet/errors";
import { isRun, openRun } from "@unet/train";
import { requireMasks } from "../settings/choose_classes.ts";
import { classesSetting } from "../settings/classes_setting.ts";
import { readingSettings } from "../settings/reading_settings.ts";
import { defaultsOf } from "../settings/setting.ts";
import { isBackgroundValue, isStoredValue } from "../settings/stored_value.ts";
import type { EvaluateChoices } from "./evaluate.ts";
import { missingSetting } from "./missing_setting.ts";

/** What a network is scored on. */
export interface ScoredData {
  /** The folder or zip. */
  readonly path: string;
  /** What the numbers of its masks mean. */
  readonly masks: MaskOptions;
}

/**
 * The data that choices name, or else those that the run was trained on; masks
 * of a run's own data are read as it read them, unless choices say how.
 *
 * @param choices What a person decides.
 * @param classes The names of the network's classes; null where it finds
 * objects.
 * @param say Given a line about what decided how masks are read.
 * @throws {UsageError} If no data is named, or classes are off for a model of
 * classes.
 * @throws {DatasetError} If its classes are not the network's.
 */
export async function scoredDataOf(
  choices: EvaluateChoices,
  classes: readonly string[] | null,
  say: (line: string) => void,
): Promise<ScoredData> {
  const { run: named, part = "all", model, data } = choices;
  const run = named ?? model;
  if (classes && choices.classes?.length === 0) {
    throw new UsageError(cannot("use", "setting", "classes", {
      found: `off, for a model of the classes ${classes.join(", ")}`,
      expected: "what masks store for each of them",
      remedy: "leave it out where the data or the run says so",
    }));
  }
  const asked = askedOf(choices);
  const settings = run !== undefined &&
      (named !== undefined || part !== "all" || await isRun(run))
    ? await settingsOfRun(run)
    : undefined;
  const isOwn = data === undefined || part !== "all" ||
    typeof settings?.data === "string" &&
      resolve(data) === resolve(settings.data);
  if (run === undefined || !settings || !isOwn) {
    if (data === undefined) throw missingSetting("data");
    return { path: data, masks: await settle(data, asked, { classes, say }) };
  }
  // A run on drawn images names no data.
  const path = data ??
    (named !== undefined && typeof settings.data === "string"
      ? settings.data
      : undefined);
  if (path === undefined) throw missingSetting("data");
  const kept = masksOf(settings, join(run, "config.json"));
  const usual: Record<string, unknown> = defaultsOf(readingSettings);
  const taken = Object.entries(kept).filter(([name, value]) =>
    !Object.hasOwn(asked, name) && String(value) !== String(usual[name])
  );
  const said = taken.filter(([name]) => name !== "classes")
    .map(([name, value]) => `\`${name} ${value}\``);
  if (said.length > 0) {
    say(`Reading masks as the run did: ${said.join(" ")}`);
  }
  const masks = { ...Object.fromEntries(taken), ...asked };
  return { path, masks: await settle(path, masks, { classes, say }) };
}

async function settingsOfRun(run: string): Promise<Record<string, unknown>> {
  const config = (await openRun(run)).config as {
    readonly settings?: Record<string, unknown>;
  };
  return config.settings ?? {};
}

function askedOf(
  { mask, background, classes, ignore }: EvaluateChoices,
): MaskOptions {
  return {
    ...(mask !== undefined && { mask }),
    ...(background !== undefined && { background }),
    // An empty list says only that classes.json does not count.
    ...(classes && classes.length > 0 && { classes }),
    ...(ignore !== undefined && { ignore }),
  };
}

/** Brings masks and the network together. */
async function settle(
  path: string,
  masks: MaskOptions,
  { classes, say }: {
    readonly classes: readonly string[] | null;
    readonly say: (line: string) => void;
  },
): Promise<MaskOptions> {
  const { background = [0], ignore = [] } = masks;
  if (classes === null) {
    if (masks.classes) {
      throw new UsageError(cannot("use", "setting", "classes", {
        found: "a network that finds objects",
        expected: "one of classes",
      }));
    }
    requireMasks(masks, { classes: null, background, ignore });
    return masks;
  }
  const known = masks.classes ?? await findClasses(path);
  const found = known ?? classes.map((name, value) => ({ name, value }));
  if (!known) {
    const words = found.map(({ name, value }) => `${name} ${value}`);
    say(
      `Reading masks as ${words.join(", ")}, in the order of the model's ` +
        "classes (`classes` to change it)",
    );
  }
  const ordered = orderOf(path, found, classes);
  requireMasks(masks, { classes: ordered, background, ignore });
  return { classes: ordered, ignore };
}

/** The classes of masks in the order of a network's. */
function orderOf(
  path: string,
  found: readonly MaskClass[],
  classes: readonly string[],
): MaskClass[] {
  const byName = new Map(found.map((one) => [one.name, one]));
  const ordered = classes.flatMap((name) => byName.get(name) ?? []);
  if (ordered.length === classes.length && found.length === classes.length) {
    return ordered;
  }
  throw new DatasetError(cannot("score classes of", "data", path, {
    found: found.map(({ name }) => name).join(", "),
    expected: `those of the model: ${classes.join(", ")}`,
    remedy: "name what its masks store for each with `classes`",
  }));
}

/** How a run read masks; runs of earlier versions do not say. */
function masksOf(
  { mask, background, classes, ignore }: Record<string, unknown>,
  path: string,
): MaskOptions {
  const bad = (name: string, value: unknown) =>
    new TrainingError(cannot("evaluate by", "run's settings", path, {
      found: `"${name}" with ${brief(JSON.stringify(value) ?? "no value")}`,
      expected: "what train wrote",
    }));
  const reading = maskReadings.find((one) => one === mask);
  if (mask !== undefined && !reading) throw bad("mask", mask);
  const isList = Array.isArray(background) && background.length > 0 &&
    background.every(isBackgroundValue);
  if (background !== undefined && !isList) throw bad("background", background);
  const ignored = ignore === undefined
    ? []
    : Array.isArray(ignore) && ignore.every(isStoredValue)
    ? ignore
    : undefined;
  if (!ignored) throw bad("ignore", ignore);
  if (classes !== undefined && !classesSetting.check(classes)) {
    throw bad("classes", classes);
  }
  const named = (classes ?? []) as readonly MaskClass[];
  return {
    ...(named.length > 0
      ? { classes: named }
      : { ...(reading && { mask: reading }), ...(isList && { background }) }),
    ...(ignored.length > 0 && { ignore: ignored }),
  };
}
