import {
  decisionSettings,
  diameterSettings,
  inferenceSettings,
  instanceSettings,
  readSettings,
  stackSettings,
  windowSettings,
} from "@unet/app/settings";
import type { FileReport } from "@unet/infer";
import { parseShard } from "@unet/infer/batch";
import { isInstanceFormat } from "@unet/infer/formats";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { commandLine } from "./command_line.ts";
import { describeDevice } from "./describe_device.ts";
import {
  describeBatch,
  describeFile,
  describeOutputs,
} from "./describe_file.ts";
import { describeProgress } from "./describe_progress.ts";
import { Doubts } from "./doubts.ts";
import { imageFlags, imageOptions, pixelSizeFlags } from "./image_flags.ts";
import { interruptSignal } from "./interrupt.ts";
import { modelFlag } from "./model_flag.ts";
import { formatsOf, instanceFlags, outputFlags } from "./output_flags.ts";
import { programName } from "./program_name.ts";
import {
  diameterFlags,
  inferenceFlags,
  thresholdFlag,
  viewsFlag,
  windowFlags,
} from "./setting_flags.ts";
import { liveLine, printError, printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** Seconds between lines of progress where no terminal shows them. */
const plainInterval = 10;

/** `unet segment`: masks, instances and more for images of any size. */
export const segmentCommand: Command = {
  name: "segment",
  summary: commandSummaries.segment,
  usage: "INPUT... --model RUN|FILE|NAME [flags]",
  description: "Writes a PNG mask of the same size for each image: 255 on " +
    "objects, 0 elsewhere, or a map of class numbers if the model has " +
    "classes; --format chooses other outputs. An input " +
    "is an image file, a folder of images, or a pattern in quotes, " +
    "such as 'plates/**/*.tif'. Run again, the same command skips " +
    "finished files. If an image cannot be read, the error is " +
    "printed, the others are segmented, and the exit code is 1.",
  groups: [
    {
      title: "Work",
      flags: [
        modelFlag,
        {
          name: "out",
          kind: "text",
          value: "DIR",
          default: "masks",
          help: "folder for the outputs and their manifest",
        },
        thresholdFlag,
        viewsFlag,
        {
          name: "output-meaning",
          kind: "text",
          value: "NAME,…",
          help:
            "meaning of each output channel of another program's package: " +
            "object, border or none (default the names of the channels)",
        },
        {
          name: "force",
          kind: "switch",
          help: "segments finished files again and overwrites their outputs",
        },
        {
          name: "resume",
          kind: "switch",
          help: "continues within a large image or stack that was interrupted",
        },
        {
          name: "shard",
          kind: "text",
          value: "i/n",
          help:
            "processes the i-th of n parts of the batch, such as 2/8; parts " +
            "count from 1",
        },
      ],
    },
    { title: "Outputs", flags: outputFlags },
    { title: "Instances", flags: instanceFlags },
    { title: "Size", flags: [...diameterFlags, ...pixelSizeFlags] },
    { title: "Images", flags: imageFlags },
    { title: "Windows", flags: windowFlags },
    inferenceFlags,
  ],
  examples: [
    ["cells.png --model runs/first", "one image, into masks/cells.png"],
    ["cells.png --model nuclei", "the same with a published model"],
    ["plates --model runs/first --overlay", "a folder, with overlays"],
    [
      "slide.svs --model runs/first --format geojson,csv",
      "a whole slide, for QuPath and a table",
    ],
    [
      "plate.zarr --model runs/first --into-labels nuclei",
      "every field of a plate, into its own labels/nuclei",
    ],
    [
      "'plates/**/*.tif' --model runs/first --shard 2/8",
      "one of eight parts; unet merge combines them",
    ],
    [
      "z.tif --model runs/first --plane all --link --instances",
      "every plane, an object with one number in all of them",
    ],
    [
      "big.tif --model runs/first --context reflect",
      "a large image with the report's tiles",
    ],
  ],
  positional: [1, Infinity],
  async run(flags) {
    const { segment } = await import("@unet/app/segment");
    const shard = flags.text("shard"), formats = formatsOf(flags);
    const intoLabels = flags.text("into-labels");
    const meaning = flags.text("output-meaning");
    const live = liveLine(plainInterval);
    using interrupt = interruptSignal(() => {
      live.clear();
      printError(
        "Interrupted: stopping the current image; the same command " +
          "segments the rest, with --resume also the rest of a large image",
      );
    });
    const showsObjects = formats.some((format) =>
      isInstanceFormat(format) || format === "overlay"
    );
    if (flags.given("link") && !showsObjects) {
      printLine(
        "Note: --link numbers objects, which these outputs do not show; " +
          "--format labels,csv does",
      );
    }
    const doubts = new Doubts(printError);
    const report = await segment(flags.positional, {
      model: flags.required("model"),
      out: flags.text("out")!,
      formats,
      pyramid: flags.on("pyramid"),
      summary: flags.on("summary"),
      force: flags.on("force"),
      resume: flags.on("resume"),
      ...(shard !== undefined && { shard: parseShard(shard) }),
      ...(intoLabels !== undefined && { intoLabels }),
      ...readSettings(decisionSettings, flags),
      ...readSettings(instanceSettings, flags),
      ...readSettings(diameterSettings, flags),
      ...readSettings(windowSettings, flags),
      ...readSettings(inferenceSettings, flags),
      ...readSettings(stackSettings, flags),
      ...imageOptions(flags),
      ...(meaning !== undefined &&
        { outputMeaning: meaning.split(",").map((one) => one.trim()) }),
      command: commandLine(programName(), Deno.args),
    }, {
      signal: interrupt.signal,
      onDevice: (device) =>
        printLine(describeDevice(device, flags.on("verbose"))),
      onNote: (line) => printLine(wordSettings(line)),
      onUnlocked: printError,
      onProgress: (progress) => live.update(describeProgress(progress)),
      onFile(file, number, files) {
        live.clear();
        if ("notes" in file) {
          for (const { kind, text } of file.notes) {
            doubts.add({ kind, message: `${file.input}: ${text}` });
          }
        }
        printFile(file, files > 1 ? `${number}/${files}  ` : "");
      },
    });
    doubts.end();
    const faults = [...report.manifestFaults, ...report.table?.faults ?? []];
    for (const fault of faults) printError(fault);
    for (const line of describeOutputs(report)) printLine(line);
    printLine(describeBatch(report));
    const isWhole = report.failed === 0 && !report.table?.faults.length;
    return isWhole ? 0 : 1;
  },
};

/** Prints what became of a file; nothing of one that is only skipped. */
function printFile(file: FileReport, place: string): void {
  if ("error" in file) {
    printError(wordSettings(file.error.message));
  } else if ("skipped" in file) {
    if (file.changed.length === 0) return;
    printLine(
      `${place}${file.input}  skipped; changed since: ` +
        file.changed.join(", "),
    );
  } else {
    printLine(place + describeFile(file));
  }
}
