import type { Command } from "./command.ts";
import { runStudy } from "./run_study.ts";
import { showStudy } from "./show_study.ts";
import { fixedGroups, studyGroups } from "./tune_flags.ts";

/** `unet tune`: a study of settings of train. */
export const tune: Command = {
  name: "tune",
  summary: "finds good settings of train by a study, or shows one",
  usage: "[--data DIR|ZIP] [flags]",
  description:
    "Trains again and again with settings that a sampler chooses, and looks " +
    "for the largest validation F1. Each trial is a run folder; trials that " +
    "do badly end early. The study is a file that Optuna and its dashboard " +
    "read and go on with, and that any number of processes and machines may " +
    "work on at once. Called again, it goes on up to --trials. Without " +
    "--space it tries the report's choices: scheduler, learning rate, batch, " +
    "loss, batch norm and the strength of augmentation; a flag that is given " +
    "is the same for all trials.\n" +
    "Ctrl-C or SIGTERM puts the current trial back into the queue; the same " +
    "command continues it. The end is a table, and a page beside the study's file.",
  groups: [...studyGroups, ...fixedGroups],
  examples: [
    ["--data cells.zip --width 0.25 --epochs 10", "the report's study"],
    ["--data cells.zip --space space.toml", "another space"],
    ["--show study.journal --html study.html", "any study, as a page"],
  ],
  positional: [0, 0],
  configurable: true,
  run: async (flags) =>
    flags.given("show") ? await showStudy(flags) : await runStudy(flags),
};
