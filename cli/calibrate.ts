import { readingSettings, readSettings } from "@unet/app/settings";
import { shownPath } from "@unet/app/shown-path";
import { count } from "@unet/errors";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { describeDevice } from "./describe_device.ts";
import { Doubts } from "./doubts.ts";
import { interruptSignal } from "./interrupt.ts";
import { modelFlag } from "./model_flag.ts";
import { choiceFlags, machineFlags } from "./setting_flags.ts";
import { bar, liveLine, printError, printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** `unet calibrate`: prepares a network for eight bits. */
export const calibrate: Command = {
  name: "calibrate",
  summary: commandSummaries.calibrate,
  usage: "--model RUN|FILE|NAME --data DIR|ZIP [flags]",
  description:
    "Measures the range of the network's features on sample images " +
    "and writes it beside the model as model.int8.json. Then " +
    "segment and evaluate accept --precision int8: faster on CPUs " +
    "with VNNI, with nearly the same masks. The weights do not " +
    "change.",
  groups: [
    {
      title: "Work",
      flags: [
        modelFlag,
        {
          name: "data",
          kind: "text",
          value: "DIR|ZIP",
          help:
            "images like those to segment, as for train; masks are not used",
        },
        {
          name: "images",
          kind: "whole",
          minimum: 1,
          default: "32",
          help: "number of images, spread over the data",
        },
      ],
    },
    { title: "Images", flags: choiceFlags },
    {
      title: machineFlags.title,
      flags: machineFlags.flags.filter(({ name }) => name === "device"),
    },
  ],
  examples: [
    ["--model runs/first --data cells.zip", "then segment --precision int8"],
  ],
  positional: [0, 0],
  async run(flags) {
    const { calibrate: calibrateModel } = await import("@unet/app");
    const live = liveLine();
    using interrupt = interruptSignal(() => {
      live.clear();
      printError("Interrupted: the ranges are of all images, so none is kept");
    });
    const doubts = new Doubts(printError);
    const { file, layers, images } = await calibrateModel({
      model: flags.required("model"),
      data: flags.required("data"),
      images: flags.number("images")!,
      device: flags.text("device")!,
      ...readSettings(readingSettings, flags),
    }, {
      signal: interrupt.signal,
      onDevice: (device) =>
        printLine(describeDevice(device, flags.on("verbose"))),
      onNote: (line) => printLine(wordSettings(line)),
      onProgress: (done, all) =>
        live.update(`Measuring ${bar(done / all)} ${done}/${all}`),
      onWarning(doubt) {
        live.clear();
        doubts.add(doubt);
      },
    });
    live.clear();
    doubts.end();
    printLine(
      `Measured ${count(layers, "layer")} on ${count(images, "image")}: ` +
        shownPath(file),
    );
    return 0;
  },
};
