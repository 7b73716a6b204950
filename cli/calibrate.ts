import { openDataset, readCase } from "@unet/data";
import { openDevice } from "@unet/device";
import { cannot, count, DatasetError } from "@unet/errors";
import { predictorOf, segmentImage } from "@unet/infer";
import {
  loadModel,
  measureFeatures,
  readModel,
  saveFeatureLimits,
} from "@unet/model";
import { cardSettings } from "./card_settings.ts";
import type { Command } from "./command.ts";
import { describeDevice } from "./describe_device.ts";
import { choiceFlags, choiceOf } from "./choice_flags.ts";
import { Doubts, isAboutReading } from "./doubts.ts";
import { findModel } from "./find_model.ts";
import { machineFlags } from "./machine_flags.ts";
import { modelFlag } from "./model_flag.ts";
import { shownPath } from "./shown_path.ts";
import { bar, liveLine, printError, printLine } from "./terminal.ts";
import { windowOf } from "./window_of.ts";

/** `unet calibrate`: prepares a network for eight bits. */
export const calibrate: Command = {
  name: "calibrate",
  summary: "prepares a trained model for --precision int8",
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
    const { path, note } = await findModel(flags.required("model"));
    if (note !== undefined) printLine(note);
    const card = cardSettings(await readModel(path));
    const live = liveLine();
    await using stack = new AsyncDisposableStack();
    const dataset = await openDataset(flags.required("data"));
    stack.defer(() => dataset.close());
    const cases = spread(dataset.cases, flags.number("images")!);
    if (cases.length === 0) {
      throw new DatasetError(
        cannot("calibrate on", "dataset", dataset.path, {
          found: "no images",
          expected: "at least one",
        }),
      );
    }
    const device = await openDevice(flags.text("device")!);
    stack.defer(() => device.close());
    printLine(describeDevice(device, flags.on("verbose")));
    const model = await loadModel(path);
    stack.defer(() => model.dispose());
    const { observe, limits } = measureFeatures();
    const predict = predictorOf(model, { observe });
    const choice = choiceOf(flags, card.choice, printLine);
    const doubts = new Doubts(printError);
    for (const [index, each] of cases.entries()) {
      const done = index / cases.length;
      live.update(`Measuring ${bar(done)} ${index}/${cases.length}`);
      const { image } = await readCase(each, {
        ...choice,
        onWarning(fault) {
          // Masks are not used.
          if (!isAboutReading(fault)) return;
          live.clear();
          doubts.add(fault);
        },
      });
      await segmentImage(image, predict, windowOf(model, device.name));
    }
    live.clear();
    doubts.end();
    const file = await saveFeatureLimits(path, limits);
    printLine(
      `Measured ${count(limits.size, "layer")} on ` +
        `${count(cases.length, "image")}: ${shownPath(file)}`,
    );
    return 0;
  },
};

/** So many of a list, at equal distances. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor((i + 0.5) * items.length / count)]!,
  );
}
