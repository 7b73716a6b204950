import type { FlagGroup } from "./command.ts";
import { machineFlags } from "./setting_flags.ts";
import { train } from "./train.ts";

const groupOf = (title: string): FlagGroup =>
  train.groups.find((group) => group.title === title)!;

/** Under which name tune takes the `--workers` of train. */
export const loaderFlag = "loader-workers";

/** The flags of train that tune takes, the same for all trials. */
export const fixedGroups: readonly FlagGroup[] = [
  groupOf("Data"),
  groupOf("Network"),
  groupOf("Training"),
  {
    title: "Machine",
    flags: [
      ...machineFlags.flags.map((flag) =>
        flag.name === "workers" ? { ...flag, name: loaderFlag } : flag
      ),
      ...groupOf("Machine").flags.filter(({ name }) => name === "offline"),
    ],
  },
];

/** The flags of tune alone. */
export const studyGroups: readonly FlagGroup[] = [
  {
    title: "Study",
    flags: [
      {
        name: "study",
        kind: "text",
        value: "FILE",
        help: "study file, in Optuna's journal format; created if missing " +
          "(default study.journal in the folder of --out)",
      },
      {
        name: "name",
        kind: "text",
        value: "NAME",
        help: "the study in the file (default unet; for --show the only one)",
      },
      {
        name: "trials",
        kind: "whole",
        minimum: 1,
        maximum: 1e6,
        default: "20",
        help: "total number of trials, over all workers, finished ones " +
          "included",
      },
      {
        name: "space",
        kind: "text",
        value: "FILE",
        help: "TOML or JSON file with the values to try, by flags of train; " +
          "the report's choices if omitted",
      },
      {
        name: "sampler",
        kind: "choice",
        choices: ["tpe", "random", "grid"],
        default: "tpe",
        help: "how settings are chosen: tpe (tree-structured Parzen " +
          "estimator), at random, or one after the other from a grid",
      },
      {
        name: "multivariate",
        kind: "choice",
        choices: ["on", "off"],
        default: "on",
        help: "whether tpe considers parameters together or one by one",
      },
      {
        name: "pruner",
        kind: "choice",
        choices: ["median", "halving", "hyperband", "none"],
        default: "median",
        help: "rule that ends poor trials after an epoch",
      },
      {
        name: "out",
        kind: "text",
        value: "DIR",
        default: "runs/study",
        help: "folder for the trials' run folders",
      },
    ],
  },
  {
    title: "Workers",
    flags: [
      {
        name: "workers",
        kind: "whole",
        minimum: 1,
        maximum: 256,
        help: "number of worker processes, which need unet tune or deno task " +
          "tune; without it, this process does the work",
      },
      {
        name: "worker",
        kind: "text",
        value: "NAME",
        help: "name of this worker; prints only faults, as the processes of " +
          "--workers do",
      },
      {
        name: "grace",
        kind: "number",
        minimum: 1,
        maximum: 1e6,
        value: "SECONDS",
        default: "120",
        help: "silence after which a worker counts as dead and its settings " +
          "are tried again; longer than the longest step",
      },
    ],
  },
  {
    title: "Show",
    flags: [
      {
        name: "show",
        kind: "text",
        value: "FILE",
        help: "prints a study of a file, also one made by Optuna, and ends",
      },
      {
        name: "html",
        kind: "text",
        value: "FILE",
        help: "page to write (default beside the study's file; with --show " +
          "none)",
      },
      {
        name: "config",
        kind: "text",
        value: "FILE",
        help: "JSON file of flags; those on the command line take precedence",
      },
    ],
  },
];
