import type { Part } from "@unet/app";
import {
  decisionSettings,
  diameterSettings,
  inferenceSettings,
  instanceSettings,
  readingSettings,
  readSettings,
  windowSettings,
} from "@unet/app/settings";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { describeDevice } from "./describe_device.ts";
import { Doubts } from "./doubts.ts";
import { interruptSignal } from "./interrupt.ts";
import { modelFlag } from "./model_flag.ts";
import { printClassScores } from "./print_class_scores.ts";
import { printScores } from "./print_scores.ts";
import {
  choiceFlags,
  diameterFlags,
  inferenceFlags,
  instanceSettingFlags,
  maskFlags,
  thresholdFlag,
  viewsFlag,
  windowFlags,
} from "./setting_flags.ts";
import { bar, liveLine, printError, printJson, printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** `unet evaluate`: scores of a network on images with masks. */
export const evaluateCommand: Command = {
  name: "evaluate",
  summary: commandSummaries.evaluate,
  usage: "--model RUN|FILE|NAME --data DIR|ZIP [flags]",
  description:
    "Segments whole images and compares the results with the ground " +
    "truth: F1, IoU, precision and recall over all pixels, and the " +
    "mean F1 per image. Instances, separated as segment does, are " +
    "matched as in StarDist: average precision (AP) at IoU 0.5 to " +
    "0.9 and its mean over nine thresholds, F1 and panoptic quality " +
    "(PQ) at 0.5, over all instances; and the aggregated Jaccard " +
    "index (AJI), a mean over images. Objects without a match at 0.5 are " +
    "counted by kind: joined with another, cut into pieces, missed or " +
    "false, and with a wrong outline. For a model of classes: F1 (Dice), " +
    "IoU, precision and recall of each class and their means, and a " +
    "confusion matrix. If there are several " +
    "modalities or data sets, the scores of each follow. If an image " +
    "cannot be read, the error is printed, the image is left out, and " +
    "the exit code is 1.",
  groups: [
    {
      title: "Work",
      flags: [
        modelFlag,
        {
          name: "run",
          kind: "text",
          value: "RUN",
          help:
            "run whose split --part uses; it also supplies the best model " +
            "and the data if --model or --data is missing",
        },
        {
          name: "data",
          kind: "text",
          value: "DIR|ZIP",
          isRepeated: true,
          help: "images and masks, as for train; repeat it for several data " +
            "sets, which are scored together and separately, and named by " +
            "file or folder, or by NAME=DIR",
        },
        {
          name: "part",
          kind: "choice",
          choices: ["all", "train", "validation", "test"],
          default: "all",
          help: "part of the run's split to score; parts other than all need " +
            "--run, or a run folder as --model",
        },
        {
          name: "roles",
          kind: "text",
          value: "FILE",
          help: "JSON file with the role of each image, as for train; scores " +
            "the images of --role",
        },
        {
          name: "role",
          kind: "text",
          value: "ROLE",
          help: "with --roles: the role of the images to score (default " +
            "validation)",
        },
        thresholdFlag,
        {
          name: "find-threshold",
          kind: "switch",
          help:
            "finds the threshold from 0.01 to 0.99 with the largest F1 over " +
            "all pixels; export --threshold writes it to a model",
        },
        {
          name: "find-instances",
          kind: "switch",
          help: "tries values of the instance settings that are not given, " +
            "and finds those with the highest mean average precision, with " +
            "equal weight for each data set; export writes them to a model",
        },
        viewsFlag,
        { name: "json", kind: "switch", help: "prints JSON" },
      ],
    },
    {
      title: "Failures",
      flags: [
        {
          name: "worst",
          kind: "whole",
          minimum: 1,
          maximum: 1000,
          help: "lists this many images with the lowest F1",
        },
        {
          name: "overlays",
          kind: "text",
          value: "DIR",
          help: "draws these images, or the 10 worst, as PNG: ground truth " +
            "outlined in orange, predictions in blue",
        },
      ],
    },
    { title: "Size", flags: diameterFlags },
    { title: "Images", flags: choiceFlags },
    { title: "Masks", flags: maskFlags },
    { title: "Instances", flags: instanceSettingFlags },
    { title: "Windows", flags: windowFlags },
    inferenceFlags,
  ],
  examples: [
    [
      "--model runs/first --data cells.zip --part validation",
      "on the images that the run validated on",
    ],
    [
      "--run runs/first --part test --overlays failures",
      "on images that it never saw, with pictures of the 10 worst",
    ],
    [
      "--model nuclei --data cells.zip --data tissue.zip",
      "on two data sets, together and separately",
    ],
  ],
  positional: [0, 0],
  async run(flags) {
    const { evaluate, parseSources } = await import("@unet/app");
    const run = flags.text("run"), data = flags.texts("data");
    const model = flags.text("model") ?? run ?? flags.required("model");
    const roles = flags.text("roles"), role = flags.text("role");
    const part = flags.text("part") as Part, isJson = flags.on("json");
    if (data.length === 0 && run === undefined) flags.required("data");
    const live = liveLine();
    using interrupt = interruptSignal(() => {
      live.clear();
      printError("Interrupted: scores are of all images, so none are printed");
    });
    const say = isJson ? printError : printLine;
    const worst = flags.number("worst"), overlays = flags.text("overlays");
    const doubts = new Doubts(printError);
    const report = await evaluate({
      model,
      part,
      ...(run !== undefined && { run }),
      ...(data.length > 0 && { data: parseSources(data) }),
      ...(roles !== undefined && { roles }),
      ...(role !== undefined && { role }),
      findThreshold: flags.on("find-threshold"),
      findInstances: flags.on("find-instances"),
      ...(worst !== undefined && { worst }),
      ...(overlays !== undefined && { overlays }),
      ...readSettings(decisionSettings, flags),
      ...readSettings(instanceSettings, flags),
      ...readSettings(diameterSettings, flags),
      ...readSettings(windowSettings, flags),
      ...readSettings(inferenceSettings, flags),
      ...readSettings(readingSettings, flags),
    }, {
      signal: interrupt.signal,
      onDevice(device) {
        if (!isJson) printLine(describeDevice(device, flags.on("verbose")));
      },
      onNote(line) {
        // JSON holds the threshold and the diameters.
        if (isJson && /^(Threshold|Diameter): /.test(line)) return;
        live.clear();
        say(wordSettings(line));
      },
      onProgress: (done, all) =>
        live.update(`Scoring ${bar(done / all)} ${done}/${all}`),
      onWarning(fault) {
        live.clear();
        doubts.add(fault);
      },
      onFault(error) {
        live.clear();
        printError(wordSettings(error.message));
      },
    });
    live.clear();
    doubts.end();
    const { scores, faults } = report;
    if (isJson) {
      const isListed = worst !== undefined || overlays !== undefined;
      printJson({
        ...(report.kind === "objects" && { threshold: report.threshold }),
        ...scores,
        ...(isListed && { worst: report.worst }),
      });
    } else if (report.kind === "objects") {
      printScores(report.scores, report.worst);
    } else {
      printClassScores(report.scores, report.worst);
    }
    return faults === 0 ? 0 : 1;
  },
};
