import { cannot, UsageError } from "@unet/errors";
import { bestTrials } from "@unet/tune/report";
import { findStudy } from "./find_study.ts";
import type { Flag, Flags } from "./flags.ts";
import { fixedFlagsOf } from "./open_study.ts";
import { printLine } from "./terminal.ts";
import { flagsOfValues, givenValues } from "./trial_settings.ts";

/** Flags that say where a study is. */
const finding = ["from-study", "name"];

/**
 * The flags with those of a study's best trial: what is on the command line
 * comes first, then the trial's parameters, then the flags that all trials of
 * the study shared.
 *
 * @param flags The command line of train.
 * @param table The flags of train.
 * @throws {UsageError} If the study has no best trial, or its parameters are
 * not flags of train.
 */
export async function withStudy(
  flags: Flags,
  table: readonly Flag[],
): Promise<Flags> {
  const path = flags.text("from-study");
  if (path === undefined) {
    throw new UsageError(
      cannot("use", "flag", "--name", {
        found: "no --from-study",
        expected: "it beside --name",
      }),
    );
  }
  const study = await findStudy(path, flags.text("name"));
  const [best, ...others] = bestTrials(study);
  if (!best || others.length > 0) {
    throw new UsageError(
      cannot("train from", "study", study.name, {
        found: best ? `${1 + others.length} best trials` : "no complete trial",
        expected: "one that is best",
      }),
    );
  }
  const given = givenValues(
    flags,
    table.filter(({ name }) => !finding.includes(name)),
  );
  const stranger = Object.keys(best.params)
    .find((name) => !table.some((flag) => flag.name === name));
  if (stranger !== undefined) {
    throw new UsageError(
      cannot("train from", "study", study.name, {
        found: `parameter "${stranger}"`,
        expected: "flags of train",
      }),
    );
  }
  printLine(`Settings of trial ${best.number} of study ${study.name}`);
  const values = { ...fixedFlagsOf(study), ...best.params, ...given };
  return flagsOfValues(values, table, path);
}
