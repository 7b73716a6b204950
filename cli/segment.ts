import { describeChoice } from "@unet/device";
import { type Context, segment } from "@unet/infer";
import type { Command } from "./command.ts";
import { interruptSignal } from "./interrupt.ts";
import { inferenceFlags } from "./machine_flags.ts";
import { openNetwork } from "./open_network.ts";
import { windowOf } from "./window_of.ts";
import {
  bar,
  describeSeconds,
  liveLine,
  printError,
  printLine,
} from "./terminal.ts";

/** `unet segment`: masks for images. */
export const segmentCommand: Command = {
  name: "segment",
  summary: "segments images with a trained network",
  usage: "INPUT... --model RUN|FILE [flags]",
  description:
    "Writes a mask as PNG for each image, of exactly its size: 255 on objects " +
    "and 0 elsewhere. An input is an image file or a folder of images. An " +
    "image that cannot be read is reported and the others go on; the exit " +
    "code is 1 then.",
  groups: [
    {
      title: "Work",
      flags: [
        {
          name: "model",
          kind: "text",
          value: "RUN|FILE",
          help: "a run folder, whose best model is taken, or a model file",
        },
        {
          name: "out",
          kind: "text",
          value: "DIR",
          default: "masks",
          help: "the folder for the masks",
        },
        {
          name: "context",
          kind: "choice",
          choices: ["neighbors", "reflect"],
          default: "neighbors",
          help: "what the network sees around a tile: the image's own " +
            "pixels, or the tile mirrored, as the report has it",
        },
        {
          name: "threshold",
          kind: "number",
          minimum: 0,
          maximum: 1,
          default: "0.5",
          help: "the probability above which a pixel is object",
        },
        {
          name: "overlay",
          kind: "switch",
          help: "draws the mask's outlines on the image, too",
        },
        {
          name: "force",
          kind: "switch",
          help: "replaces masks that are there already",
        },
      ],
    },
    inferenceFlags(),
  ],
  examples: [
    ["cells.png --model runs/first", "one image, into masks/cells.png"],
    ["plates --model runs/first --overlay", "a folder, with overlays"],
    [
      "big.tif --model runs/first --context reflect",
      "a large image by the report's tiles",
    ],
  ],
  positional: [1, Infinity],
  async run(flags) {
    const live = liveLine();
    using interrupt = interruptSignal(() => {
      live.clear();
      printError("Interrupted: finishing the image's windows under way");
    });
    await using network = await openNetwork(flags);
    printLine(describeChoice(network.device));
    const report = await segment([...flags.positional], {
      predict: network.predict,
      ...windowOf(network.model),
      out: flags.text("out")!,
      context: flags.text("context") as Context,
      threshold: flags.number("threshold")!,
      overlay: flags.on("overlay"),
      force: flags.on("force"),
      signal: interrupt.signal,
      onProgress: ({ input, filesDone, files, tilesDone, tiles }) =>
        live.update(
          `${filesDone + 1}/${files} ${bar(tilesDone / tiles)} ${input}`,
        ),
      onFile(file) {
        live.clear();
        if ("error" in file) {
          printError(file.error.message);
        } else {
          printLine(
            `${file.input} → ${file.mask}  ${file.width}×${file.height}  ` +
              `${(100 * file.foreground).toFixed(1)} % object  ` +
              describeSeconds(file.seconds),
          );
        }
      },
    });
    printLine(
      `${report.segmented} segmented, ${report.failed} failed, ` +
        describeSeconds(report.seconds),
    );
    return report.failed === 0 ? 0 : 1;
  },
};
