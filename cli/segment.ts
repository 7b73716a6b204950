import { basename } from "@std/path";
import { type FileReport, segment } from "@unet/infer";
import { parseShard } from "@unet/infer/batch";
import { hashModel, type SavedModel } from "@unet/model";
import { cardSettings } from "./card_settings.ts";
import type { Command } from "./command.ts";
import { describeDevice } from "./describe_device.ts";
import { commandLine } from "./command_line.ts";
import {
  describeBatch,
  describeFile,
  describeOutputs,
} from "./describe_file.ts";
import { describeProgress } from "./describe_progress.ts";
import { Doubts } from "./doubts.ts";
import { readNamedModel } from "./find_model.ts";
import { interruptSignal } from "./interrupt.ts";
import { inferenceFlags } from "./machine_flags.ts";
import { modelFlag } from "./model_flag.ts";
import { programName } from "./program_name.ts";
import { openNetwork } from "./open_network.ts";
import { refuseAllPlanes } from "./refuse_all_planes.ts";
import {
  thresholdFlag,
  thresholdOf,
  viewsFlag,
  viewsOf,
} from "./prediction_flags.ts";
import { imageFlags, imageOptions } from "./image_flags.ts";
import {
  formatsOf,
  instanceFlags,
  instanceOptions,
  outputFlags,
} from "./output_flags.ts";
import { windowFlags, windowOf } from "./window_of.ts";
import { liveLine, printError, printLine } from "./terminal.ts";

/** Seconds between lines of progress where no terminal shows them. */
const plainInterval = 10;

/** `unet segment`: masks, instances and more for images of any size. */
export const segmentCommand: Command = {
  name: "segment",
  summary: "segments images with a trained model",
  usage: "INPUT... --model RUN|FILE|NAME [flags]",
  description: "Writes a PNG mask of the same size for each image: 255 on " +
    "objects, 0 elsewhere; --format chooses other outputs. An input " +
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
          name: "force",
          kind: "switch",
          help: "segments finished files again and overwrites their outputs",
        },
        {
          name: "resume",
          kind: "switch",
          help: "continues within a large image that was interrupted",
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
    { title: "Images", flags: imageFlags },
    { title: "Windows", flags: windowFlags },
    inferenceFlags(),
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
      "'plates/**/*.tif' --model runs/first --shard 2/8",
      "one of eight parts; unet merge combines them",
    ],
    [
      "big.tif --model runs/first --context reflect",
      "a large image with the report's tiles",
    ],
  ],
  positional: [1, Infinity],
  async run(flags) {
    await refuseAllPlanes(flags.text("plane"), flags.positional);
    const shard = flags.text("shard");
    const formats = formatsOf(flags);
    const options = {
      out: flags.text("out")!,
      formats,
      pyramid: flags.on("pyramid"),
      summary: flags.on("summary"),
      force: flags.on("force"),
      resume: flags.on("resume"),
      ...(shard !== undefined && { shard: parseShard(shard) }),
    };
    const live = liveLine(plainInterval);
    using interrupt = interruptSignal(() => {
      live.clear();
      printError(
        "Interrupted: finishing the image's windows under way; the same " +
          "command with --resume continues",
      );
    });
    const saved = await readNamedModel(flags.required("model"), printLine);
    const card = cardSettings(saved);
    const model = await nameOf(saved, flags.text("precision")!);
    await using network = await openNetwork(flags, saved);
    printLine(describeDevice(network.device, flags.on("verbose")));
    const doubts = new Doubts(printError);
    const threshold = thresholdOf(flags, card, printLine);
    const { maxPixels, ...reading } = imageOptions(flags, card, printLine);
    const windows = windowOf(network.model, network.device.name, flags);
    const report = await segment([...flags.positional], {
      ...options,
      ...(maxPixels !== undefined && { maxPixels }),
      settings: {
        ...{ ...windows, ...reading, threshold, views: viewsOf(flags) },
        instances: { ...card.instances, ...instanceOptions(flags) },
      },
      predict: network.predict,
      model,
      modelName: basename(flags.required("model")),
      command: commandLine(programName(), Deno.args),
      signal: interrupt.signal,
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

/** Names weights and precision, for manifests. */
async function nameOf(saved: SavedModel, precision: string): Promise<string> {
  const hash = await hashModel(saved);
  return precision === "float32" ? hash : `${hash} ${precision}`;
}

/** Prints what became of a file; nothing of one that is only skipped. */
function printFile(file: FileReport, place: string): void {
  if ("error" in file) {
    printError(file.error.message);
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
