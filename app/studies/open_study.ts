import { dirname, resolve } from "@std/path";
import {
  brief,
  briefList,
  briefText,
  cannot,
  FileError,
  UsageError,
} from "@unet/errors";
import { describeSystemFault, makeFolder } from "@unet/files";
import type { Distribution, Space, Study } from "@unet/tune";
import { isRun } from "@unet/train";
import { Journal, JournalError } from "@unet/tune/journal";
import { withCurrentNames, withNamesOf } from "./renamed_inputs.ts";
import type { InputValues } from "../settings/typed_values.ts";

/** User attribute of a study: the inputs that its trials share. */
const inputsAttribute = "flags";

/** System attribute of a study by which Optuna names its values. */
const metricNames = "study:metric_names";

/** The plan of a study of trainings. */
export interface StudyPlan {
  /** The file. */
  readonly path: string;
  /** The study in it. */
  readonly name: string;
  /** The folder of the trials' run folders. */
  readonly out: string;
  /** The inputs of a training that all trials share, by name. */
  readonly fixed: InputValues;
  /** What is tried. */
  readonly space: Space;
}

/**
 * Opens a study in a file, or begins it there.
 *
 * @param plan What it is about.
 * @returns The file, the study, and what is tried under the names that the
 * study has for it.
 * @throws {UsageError} If the study is there and is about something else.
 * @throws {FileError} If the file is none of a study, or cannot be written.
 */
export async function openStudy(
  plan: StudyPlan,
): Promise<{ journal: Journal; study: Study; space: Space }> {
  const { path, name } = plan;
  await makeFolder(dirname(path));
  const journal = await Journal.open(path);
  const find = (): Study | undefined =>
    journal.studies.find((study) => study.name === name);
  const study = find();
  if (study) {
    const space = spaceIn(study, plan);
    checkStudy(study, { ...plan, space });
    return { journal, study, space };
  }
  await requireNoTrials(plan);
  try {
    const { id } = await journal.createStudy(name, ["maximize"]);
    await journal.setStudySystemAttribute(id, metricNames, ["validation F1"]);
    await journal.setStudyUserAttribute(id, inputsAttribute, plan.fixed);
  } catch (error) {
    // Another worker may have begun it at the same time.
    if (!(error instanceof JournalError && error.reason === "duplicate")) {
      throw error;
    }
    await journal.sync();
  }
  return { journal, study: find()!, space: plan.space };
}

/** The plan's space under the names of the study's trials. */
function spaceIn({ trials }: Study, { space }: StudyPlan): Space {
  return withNamesOf(
    space,
    trials.flatMap(({ distributions }) => Object.keys(distributions)),
  );
}

/** Trials of a study that is gone would be in the way of this one's. */
async function requireNoTrials({ out }: StudyPlan): Promise<void> {
  if (await isRun(out)) {
    throw new FileError(
      cannot("begin", "study in", out, {
        found: "a run of train",
        expected: "a folder for the runs of its trials",
        remedy: "choose another `out`",
      }),
    );
  }
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(out)) names.push(name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    throw new FileError(
      cannot("read", "folder", out, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  const trial = names.find((name) => /^trial-\d+$/.test(name));
  if (trial === undefined) return;
  throw new FileError(
    cannot("begin", "study in", out, {
      found: `${trial}, of another study`,
      expected: "a folder without trials",
      remedy: "continue that study with its `study` and `name`, or choose " +
        "another `out`",
    }),
  );
}

function checkStudy(study: Study, { fixed, space }: StudyPlan): void {
  const { directions } = study;
  if (directions.length !== 1 || directions[0] !== "maximize") {
    throw otherStudy(
      study,
      `one to ${briefList(directions, { between: " and " })}`,
      "one to maximize",
    );
  }
  const began = fixedValuesOf(study);
  if (began !== null) {
    const names = new Set([...Object.keys(began), ...Object.keys(fixed)]);
    // The data may lie elsewhere on another machine.
    names.delete("data");
    for (const name of names) {
      if (settled(name, began[name]) === settled(name, fixed[name])) continue;
      const word = (value: unknown): string =>
        value === undefined
          ? `no \`${briefText(name)}\``
          : `\`${briefText(name)} ${wordOf(value)}\``;
      throw otherStudy(
        study,
        word(fixed[name]),
        `${word(began[name])}, as it began`,
      );
    }
  }
  for (const [name, distribution] of Object.entries(space)) {
    const holder = study.trials
      .find(({ distributions }) => Object.hasOwn(distributions, name));
    const before = holder?.distributions[name];
    if (!before || isCompatible(before, distribution)) continue;
    throw otherStudy(
      study,
      `parameter ${name} with ${describeKind(distribution)}`,
      `${briefText(describeKind(before), { most: 400 })}, as in trial ${
        holder!.number
      }`,
    );
  }
}

/** An input's value as a text; earlier versions noted paths as they were typed. */
function settled(name: string, value: unknown): string {
  const isPath = name.startsWith("weights") && typeof value === "string" &&
    name !== "weights-input";
  return isPath ? resolve(value) : String(value);
}

/** The inputs that the trials of a study share; null where none are noted. */
export function fixedValuesOf({ userAttributes }: Study): InputValues | null {
  const value = userAttributes[inputsAttribute];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? withCurrentNames(value as InputValues)
    : null;
}

/** An input's value as a person would type it; a journal may hold anything. */
function wordOf(value: unknown): string {
  return typeof value === "object" ? brief(value) : briefText(String(value));
}

function otherStudy(
  { name }: Study,
  found: string,
  expected: string,
): UsageError {
  return new UsageError(
    cannot("continue", "study", name, {
      found,
      expected,
      remedy: "begin another with `name` and `out`",
    }),
  );
}

/** As Optuna has it: bounds may move, kind, scale and choices may not. */
function isCompatible(before: Distribution, now: Distribution): boolean {
  return describeKind(before) === describeKind(now);
}

function describeKind(distribution: Distribution): string {
  const { kind } = distribution;
  if (kind === "categorical") {
    return `choices ${
      distribution.choices.map((one) => JSON.stringify(one)).join(", ")
    }`;
  }
  return `${kind === "int" ? "whole numbers" : "numbers"}${
    distribution.log ? " on a logarithmic scale" : ""
  }`;
}
