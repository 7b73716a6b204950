import { cannot, UsageError } from "@unet/errors";
import { bestTrials } from "@unet/tune/report";
import { findStudy, fixedValuesOf, withCurrentNames } from "@unet/app";
import type { FlagGroup } from "./command.ts";
import type { Flags } from "./flags.ts";
import { printLine } from "./terminal.ts";
import { flagsOfValues, givenValues } from "./given_values.ts";

/** Flags that say where a study is. */
const finding = ["from-study", "name"];

/** Groups of flags that a study decides; where a run goes is not its matter. */
const decided = ["Data", "Network", "Training"];

/**
 * The flags with those of a study's best trial: what is on the command line
 * comes first, then the trial's parameters, then the flags that all trials of
 * the study shared.
 *
 * @param flags The command line of train.
 * @param groups The flags of train.
 * @throws {UsageError} If the study has no best trial, or names what is no flag
 * for it to decide.
 */
export async function withStudy(
  flags: Flags,
  groups: readonly FlagGroup[],
): Promise<Flags> {
  const path = flags.text("from-study");
  if (path === undefined) {
    throw new UsageError(
      cannot("use", "flag", "--name", {
        expected: "--from-study too",
      }),
    );
  }
  const study = await findStudy(path, flags.text("name"));
  const [best, ...others] = bestTrials(study);
  if (!best || others.length > 0) {
    throw new UsageError(
      cannot("train from", "study", study.name, {
        found: best ? `${1 + others.length} best trials` : "no complete trial",
        expected: "a single best trial",
      }),
    );
  }
  const known = new Set([
    ...groups.filter(({ title }) => decided.includes(title))
      .flatMap(({ flags }) => flags.map(({ name }) => name)),
    "precision",
  ]);
  const found = withCurrentNames({ ...fixedValuesOf(study), ...best.params });
  const stranger = Object.keys(found).find((name) => !known.has(name));
  if (stranger !== undefined) {
    throw new UsageError(
      cannot("train from", "study", study.name, {
        found: `parameter "${stranger}"`,
        expected: "train flags for data, network and training",
      }),
    );
  }
  const table = groups.flatMap((group) => group.flags);
  const given = givenValues(
    flags,
    table.filter(({ name }) => !finding.includes(name)),
  );
  printLine(`Settings of trial ${best.number} of study ${study.name}`);
  return flagsOfValues({ ...found, ...given }, table, path);
}
