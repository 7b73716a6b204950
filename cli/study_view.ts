import type { Study, Trial } from "@unet/tune";
import { describeStudy, describeTrial, studyTable } from "@unet/tune/report";
import { retryHistory, trialAttributes } from "@unet/tune/run";
import { liveBlock } from "./live_block.ts";
import { formatTable } from "./table.ts";
import { printError, printLine, terminalSize } from "./terminal.ts";

/** Shows how a study comes on. */
export interface StudyView {
  /**
   * Shows the study as it is now.
   *
   * @param study The study.
   * @param progress How far the trial under way is, if this process has one.
   */
  update(study: Study, progress?: string): void;
  /** Prints a line on standard error, above what is drawn. */
  complain(line: string): void;
  /** Removes what is drawn over itself. */
  clear(): void;
}

/**
 * A table of trials that is drawn over itself on a terminal; elsewhere a plain
 * line for each trial that ends.
 *
 * @param start The study before, whose trials are not reported.
 */
export function studyView(start: Study): StudyView {
  const block = liveBlock();
  const printsLines = !(Deno.stderr.isTerminal() && Deno.stdout.isTerminal());
  const reported = new Set(start.trials.filter(hasEnded).map(({ id }) => id));
  return {
    update(study, progress) {
      for (const trial of study.trials.filter(hasEnded)) {
        if (reported.has(trial.id)) continue;
        reported.add(trial.id);
        if (!printsLines) continue;
        block.clear();
        printLine(describeEnded(study, trial));
      }
      block.update(() => [
        // Two lines stay for the rest.
        ...tableLines(study, terminalSize().rows - 4),
        describeStudy(study),
        ...progress === undefined ? [] : [progress],
      ]);
    },
    complain(line) {
      block.clear();
      printError(line);
    },
    clear: () => block.clear(),
  };
}

/** The trials of a study as a table. */
export function tableLines(study: Study, most = Infinity): string[] {
  return formatTable(studyTable(study, { most: Math.max(1, most) }));
}

/** Does nothing, for a worker of others. */
export const noView: StudyView = {
  update() {},
  complain: printError,
  clear() {},
};

function hasEnded({ state }: Trial): boolean {
  return state !== "running" && state !== "waiting";
}

function describeEnded(study: Study, trial: Trial): string {
  const line = describeTrial(study, trial);
  const why = trial.state !== "failed"
    ? ""
    : `: ${
      trial.userAttributes[trialAttributes.error] ?? "its worker is gone"
    }`;
  const before = retryHistory(trial).at(-1);
  const again = before === undefined ? "" : `, again after trial ${before}`;
  return line[0]!.toUpperCase() + line.slice(1) + again + why;
}
