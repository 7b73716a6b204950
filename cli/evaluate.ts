import { type Case, openDataset } from "@unet/data";
import { cannot, count, DatasetError, UsageError } from "@unet/errors";
import { withFlips } from "@unet/infer";
import { openRun } from "@unet/train";
import { choiceFlags, choiceOf } from "./choice_flags.ts";
import { Doubts } from "./doubts.ts";
import { cardSettings } from "./card_settings.ts";
import type { Command } from "./command.ts";
import { describeDevice } from "./describe_device.ts";
import { evaluateModel } from "./evaluate_model.ts";
import { readNamedModel } from "./find_model.ts";
import type { Flags } from "./flags.ts";
import { interruptSignal } from "./interrupt.ts";
import { inferenceFlags } from "./machine_flags.ts";
import { maskFlags } from "./mask_flags.ts";
import { modelFlag } from "./model_flag.ts";
import { openNetwork } from "./open_network.ts";
import { instanceOptions, instanceSettings } from "./output_flags.ts";
import { printScores } from "./print_scores.ts";
import { scoredDataOf } from "./scored_data.ts";
import {
  thresholdFlag,
  thresholdOf,
  viewsFlag,
  viewsOf,
} from "./prediction_flags.ts";
import { windowFlags, windowOf } from "./window_of.ts";
import { bar, liveLine, printError, printJson, printLine } from "./terminal.ts";
import { WorstImages } from "./worst_images.ts";

/** `unet evaluate`: scores of a network on images with masks. */
export const evaluateCommand: Command = {
  name: "evaluate",
  summary: "scores a trained model on images with masks",
  usage: "--model RUN|FILE|NAME --data DIR|ZIP [flags]",
  description:
    "Segments whole images and compares the results with the ground " +
    "truth: F1, IoU, precision and recall over all pixels, and the " +
    "mean F1 per image. Instances, separated as segment does, are " +
    "matched as in StarDist: average precision (AP) at IoU 0.5 to " +
    "0.9 and its mean over nine thresholds, F1 and panoptic quality " +
    "(PQ) at 0.5, over all instances; and the aggregated Jaccard " +
    "index (AJI), a mean over images. If there are several " +
    "modalities, the scores of each follow. If an image cannot be " +
    "read, the error is printed, the image is left out, and the " +
    "exit code is 1.",
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
          help: "images and masks, as for train",
        },
        {
          name: "part",
          kind: "choice",
          choices: ["all", "train", "validation", "test"],
          default: "all",
          help:
            "part of the run's split to score; other than all needs --run, " +
            "or a run folder as --model",
        },
        thresholdFlag,
        {
          name: "find-threshold",
          kind: "switch",
          help:
            "finds the threshold from 0.01 to 0.99 with the largest F1 over " +
            "all pixels; export --threshold writes it to a model",
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
          help: "lists so many images with the smallest F1",
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
    { title: "Images", flags: choiceFlags },
    { title: "Masks", flags: maskFlags },
    { title: "Instances", flags: instanceSettings },
    { title: "Windows", flags: windowFlags },
    inferenceFlags(),
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
  ],
  positional: [0, 0],
  async run(flags) {
    const run = flags.text("run");
    const model = flags.text("model") ?? run ?? flags.required("model");
    const part = flags.text("part") as Part, isJson = flags.on("json");
    refuseSearch(flags, part);
    const live = liveLine();
    using interrupt = interruptSignal(() => {
      live.clear();
      printError("Interrupted: scores are of all images, so none are printed");
    });
    await using stack = new AsyncDisposableStack();
    const say = isJson ? () => {} : printLine;
    const data = await scoredDataOf(flags, say);
    const dataset = await openDataset(data.path);
    stack.defer(() => dataset.close());
    const cases = await casesOf(part, run ?? model, dataset.cases);
    const saved = await readNamedModel(model, isJson ? printError : printLine);
    const card = cardSettings(saved);
    const network = stack.use(await openNetwork(flags, saved));
    say(describeDevice(network.device, flags.on("verbose")));
    const threshold = thresholdOf(flags, card, say);
    const views = viewsOf(flags), overlays = flags.text("overlays");
    const kept = flags.number("worst") ?? (overlays === undefined ? 0 : 10);
    const worst = new WorstImages(kept);
    const doubts = new Doubts(printError);
    let faults = 0;
    const scores = await evaluateModel({
      predict: views === 1
        ? network.predict
        : withFlips(network.predict, views),
      window: windowOf(network.model, network.device.name, flags),
      cases,
      threshold,
      instances: { ...card.instances, ...instanceOptions(flags) },
      findThreshold: flags.on("find-threshold"),
      signal: interrupt.signal,
      onImage: (done, all) =>
        live.update(`Scoring ${bar(done / all)} ${done}/${all}`),
      onScored: (image) => worst.add(image),
      choice: choiceOf(flags, card.choice, say),
      masks: data.masks,
      onWarning(fault) {
        live.clear();
        doubts.add(fault);
      },
      onFault(error) {
        live.clear();
        printError(error.message);
        faults++;
      },
    });
    live.clear();
    doubts.end();
    if (scores.images === 0) {
      throw new DatasetError(
        cannot("evaluate", "dataset", dataset.path, {
          found: "no image that can be read",
          expected: "at least one",
        }),
      );
    }
    const listed = await worst.list(overlays);
    if (isJson) {
      printJson({
        threshold,
        ...scores,
        ...(kept > 0 && { worst: listed }),
      });
    } else {
      printScores(scores, listed);
    }
    return faults === 0 ? 0 : 1;
  },
};

type Part = "all" | "train" | "validation" | "test";

/** A threshold that was chosen on the test images would flatter them. */
function refuseSearch(flags: Flags, part: Part): void {
  if (part !== "test" || !flags.on("find-threshold")) return;
  throw new UsageError(
    cannot("use", "flag", "--find-threshold", {
      found: "--part test, on which nothing is chosen",
      expected: "--part validation",
    }),
  );
}

async function casesOf(
  part: Part,
  run: string,
  all: readonly Case[],
): Promise<readonly Case[]> {
  const ids = part === "all" ? null : new Set((await openRun(run)).split[part]);
  const cases = all.filter(({ id }) => ids?.has(id) ?? true);
  const expected = ids?.size ?? cases.length;
  if (cases.length > 0 && cases.length === expected) return cases;
  throw new UsageError(
    cannot("evaluate", "part", part, {
      found: `${count(cases.length, "image")} of it in the data`,
      expected: expected === 0 ? "at least one" : String(expected),
      remedy: "name the data that the run was trained on",
    }),
  );
}
