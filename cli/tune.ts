import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { fixedGroups, studyGroups } from "./tune_flags.ts";

/** `unet tune`: a study of settings of train. */
export const tune: Command = {
  name: "tune",
  summary: commandSummaries.tune,
  usage: "[--data DIR|ZIP] [flags]",
  description:
    "Trains with settings that a sampler proposes, and searches for " +
    "the largest validation F1. Each trial is a run folder; poor " +
    "trials end early. The study is a file that Optuna and its " +
    "dashboard can read and continue, and that any number of " +
    "processes and machines can work on at once. Called again, tune " +
    "continues until there are --trials. Without --space, it " +
    "searches the report's choices: scheduler, learning rate, " +
    "batch, loss, batch norm and the strength of augmentation; a " +
    "flag that you give is the same for all trials.\n" +
    "Ctrl-C or SIGTERM returns the current trial to the queue; the same " +
    "command continues it. At the end, tune prints a table and " +
    "writes a page beside the study's file.",
  groups: [...studyGroups, ...fixedGroups],
  examples: [
    ["--data cells.zip --width 0.25 --epochs 10", "the report's study"],
    ["--data cells.zip --space space.toml", "with your own search space"],
    ["--show study.journal --html study.html", "writes the page of any study"],
  ],
  positional: [0, 0],
  configurable: true,
  async run(flags) {
    if (flags.given("show")) {
      const { showStudy } = await import("./show_study.ts");
      return await showStudy(flags);
    }
    const { runStudy } = await import("./run_study.ts");
    return await runStudy(flags);
  },
};
