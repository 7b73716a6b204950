import {
  describeRecipe,
  recipeNames,
  type TrainSettings,
  trainTable,
} from "@unet/app/settings";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import type { Flag, Flags } from "./flags.ts";
import {
  flagsOfSettings,
  machineFlags,
  networkFlags,
} from "./setting_flags.ts";
import { wordSettings } from "./word_settings.ts";

const [out, ...cardFlags] = flagsOfSettings(trainTable, "Run");

/** The flags of a run that decide nothing of its settings. */
const runFlags: readonly Flag[] = [
  out!,
  {
    name: "resume",
    kind: "text",
    value: "RUN",
    help: "continues a run with its own settings; --epochs and --patience " +
      "may raise its length",
  },
  {
    name: "from-study",
    kind: "text",
    value: "FILE",
    help: "uses the settings of a study's best trial (see unet tune); " +
      "flags on the command line take precedence",
  },
  {
    name: "name",
    kind: "text",
    value: "STUDY",
    help: "with --from-study: which study, if the file has several",
  },
  ...cardFlags,
  {
    name: "config",
    kind: "text",
    value: "FILE",
    help: "JSON file of flags; those on the command line take precedence",
  },
];

/** `unet train`: trains a network on images and masks. */
export const train: Command = {
  name: "train",
  summary: commandSummaries.train,
  usage: "[--data DIR|ZIP] [flags]",
  description: "Trains a network and writes a run folder: the best model " +
    "(best/), a checkpoint to resume from (last/), metrics.csv, " +
    "curves.svg and samples/. Without --data, it draws its own " +
    "images of nuclei, chooses a network that suits the device, and " +
    "finishes within minutes.\n" +
    "Data is a folder or a zip, either in the layout of the 2018 " +
    "Data Science Bowl (ID/images/ID.png and ID/masks/*.png, one " +
    "mask per nucleus) or as pairs (images/NAME.png and " +
    "masks/NAME.png or labels/NAME.png, also with the images beside " +
    "that folder, or NAME_mask.png or " +
    "Cellpose's NAME_seg.npy beside the image; masks are 0/255, 0/1 or instance numbers). --classes, or " +
    "classes.json or nnU-Net's dataset.json in the data, makes masks maps " +
    "of classes; " +
    "classes.csv gives each object a class; --sparse reads masks in " +
    "which only some pixels are labeled.\n" +
    "Ctrl-C, SIGTERM and a closed terminal finish the step, save, and " +
    "print how to resume; a second one ends at once. Only one process " +
    "can train a run.",
  describe(args) {
    const at = args.indexOf("--recipe");
    const typed = at < 0
      ? args.find((arg) => arg.startsWith("--recipe="))?.slice(9)
      : args[at + 1];
    const name = recipeNames.find((one) => one === typed);
    return name && wordSettings(describeRecipe(name));
  },
  groups: [
    { title: "Data", flags: flagsOfSettings(trainTable, "Data") },
    networkFlags,
    { title: "Training", flags: flagsOfSettings(trainTable, "Training") },
    { title: "Run", flags: runFlags },
    {
      title: machineFlags.title,
      flags: [...machineFlags.flags, {
        name: "offline",
        kind: "switch",
        help: "downloads nothing; otherwise oneDNN, the fastest backend on " +
          "CPUs, is installed once if pip is available",
      }],
    },
  ],
  examples: [
    ["", "on images that the program draws, in minutes"],
    [
      "--data stage1_train.zip --width 0.25",
      "on the Data Science Bowl images",
    ],
    ["--resume runs/first --epochs 60", "continues a run"],
    [
      "--from-study runs/study/study.journal --epochs 60",
      "with the best settings that unet tune found",
    ],
  ],
  positional: [0, 0],
  configurable: true,
  async run(flags: Flags) {
    const options = {
      offline: flags.on("offline"),
      verbose: flags.on("verbose"),
    };
    const settings = await trainSettings(flags);
    const { openRanks } = await import("./open_ranks.ts");
    const ranks = await openRanks();
    if (ranks !== null) {
      const { reportRanks } = await import("./report_ranks.ts");
      return await reportRanks(settings, ranks, options);
    }
    const { reportTraining } = await import("./report_training.ts");
    return await reportTraining(settings, options);
  },
};

/** What is trained: a run that continues, a study's best, or what flags say. */
async function trainSettings(flags: Flags): Promise<TrainSettings> {
  const { resumeSettings, settingsOf } = await import("./train_settings.ts");
  if (flags.given("resume")) return await resumeSettings(flags);
  if (!flags.given("from-study") && !flags.given("name")) {
    return await settingsOf(flags);
  }
  const { withStudy } = await import("./with_study.ts");
  return await settingsOf(await withStudy(flags, train.groups));
}
