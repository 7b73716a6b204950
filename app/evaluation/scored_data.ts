import { join } from "@std/path";
import { type MaskClass, type MaskOptions, maskReadings } from "@unet/data";
import {
  brief,
  cannot,
  DatasetError,
  TrainingError,
  UsageError,
} from "@unet/errors";
import { isRun, openRun } from "@unet/train";
import { requireMasks } from "../settings/choose_classes.ts";
import { classesOfSources } from "../settings/classes_of_sources.ts";
import { ignoredOfSources } from "../settings/ignored_of_sources.ts";
import { classesSetting } from "../settings/classes_setting.ts";
import {
  type DataSource,
  describeData,
  resolveData,
  sourcesOf,
} from "../settings/data_sources.ts";
import { readingSettings } from "../settings/reading_settings.ts";
import { defaultsOf } from "../settings/setting.ts";
import { isBackgroundValue, isStoredValue } from "../settings/stored_value.ts";
import type { EvaluateChoices } from "./evaluate.ts";
import { missingSetting } from "./missing_setting.ts";
import { areOfRun, asRunCalls, sourcesOfRun } from "./sources_of_run.ts";

/** The data on which a network is scored. */
export interface ScoredData {
  /** The folders or zips. */
  readonly sources: readonly DataSource[];
  /**
   * The sources among which images have their ids: those of a run whose split
   * is used, else the same.
   */
  readonly among: readonly DataSource[];
  /** What the numbers of its masks mean. */
  readonly masks: MaskOptions;
}

/**
 * The data that choices name, or else those that the run was trained on; masks
 * of a run's own data are read as it read them, unless choices say how.
 *
 * @param choices The user's settings.
 * @param classes The names of the network's classes; null where it finds
 * objects.
 * @param say Given a line about what decided how masks are read.
 * @throws {UsageError} If no data is named, classes are off for a model of
 * classes or differ between sources, or a part is asked of other data than the
 * run's.
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
      remedy: "leave it out if the data or the run specifies it",
    }));
  }
  const asked = askedOf(choices);
  const settings = run !== undefined &&
      (named !== undefined || part !== "all" || await isRun(run))
    ? await settingsOfRun(run)
    : undefined;
  const config = join(run ?? "", "config.json");
  const trained = settings ? sourcesOfRun(settings, config) : [];
  // The path of one data set stays as it was typed, for messages.
  const given = typeof data === "string" || data === undefined
    ? data
    : resolveData(data);
  const sources = given !== undefined
    ? sourcesOf(given)
    // Without `run`, data has to be named; a run on drawn images has none.
    : named !== undefined
    ? trained
    : [];
  if (sources.length === 0) throw missingSetting("data");
  const isOwn = data === undefined || part !== "all" ||
    areOfRun(sources, trained);
  if (!settings || !isOwn) {
    const masks = await settle(sources, asked, { classes, say });
    return { sources, among: sources, masks };
  }
  const kept = masksOf(settings, config);
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
  const own = part === "all" ? sources : asRunCalls(sources, trained, part);
  return {
    sources: own,
    among: part !== "all" && trained.length > 1 ? trained : own,
    masks: await settle(own, masks, { classes, say }),
  };
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

const remedyOfClasses = "name what its masks store for each with `classes`";

/** Brings masks and the network together. */
async function settle(
  sources: readonly DataSource[],
  masks: MaskOptions,
  { classes, say }: {
    readonly classes: readonly string[] | null;
    readonly say: (line: string) => void;
  },
): Promise<MaskOptions> {
  const { background = [0] } = masks;
  if (classes === null) {
    if (masks.classes) {
      throw new UsageError(cannot("use", "setting", "classes", {
        found: "a network that finds objects",
        expected: "one of classes",
      }));
    }
    const { ignore = [] } = masks;
    requireMasks(masks, { classes: null, background, ignore });
    return masks;
  }
  const ignore = await ignoredOfSources(sources, masks) ?? [];
  const { classes: known } = await classesOfSources(
    sources,
    { classes: masks.classes, objectClasses: [] },
    () => remedyOfClasses,
  );
  const found = known ?? classes.map((name, value) => ({ name, value }));
  if (!known) {
    const words = found.map(({ name, value }) => `${name} ${value}`);
    say(
      `Reading masks as ${words.join(", ")}, in the order of the model's ` +
        "classes (`classes` to change it)",
    );
  }
  const ordered = orderOf(describeData(sources), found, classes);
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
    remedy: remedyOfClasses,
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
      expected: "content that train wrote",
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
