import { openDataset } from "@unet/data";
import { describeChoice } from "@unet/device";
import { cannot, DatasetError, UsageError } from "@unet/errors";
import { readModel } from "@unet/model";
import { openRun } from "@unet/train";
import type { Command } from "./command.ts";
import { evaluateModel, type ModelScores } from "./evaluate_model.ts";
import type { InstanceSummary } from "./instance_summary.ts";
import { interruptSignal } from "./interrupt.ts";
import { inferenceFlags } from "./machine_flags.ts";
import { openNetwork } from "./open_network.ts";
import { formatTable } from "./table.ts";
import { windowFlags, windowOf } from "./window_of.ts";
import { bar, liveLine, printError, printJson, printLine } from "./terminal.ts";

/** `unet evaluate`: scores of a network on images with masks. */
export const evaluateCommand: Command = {
  name: "evaluate",
  summary: "scores a trained network on images with masks",
  usage: "--model RUN|FILE --data DIR|ZIP [flags]",
  description:
    "Segments whole images and compares the masks with the true ones: pixel " +
    "F1, IoU, precision and recall over all pixels, and the mean F1 of the " +
    "images. Then the instances, told apart as segment does, are matched " +
    "with the true ones as StarDist's matching does: average precision (AP) " +
    "at IoU 0.5 to 0.9, their mean over nine steps, F1 and panoptic quality " +
    "(PQ) at 0.5, over all instances together; and the aggregated Jaccard " +
    "index (AJI), a mean over images. With images of several modalities, " +
    "also for each. An image that cannot be read is reported and left out; " +
    "the exit code is 1 then.",
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
          help: "the part of the run's split to score on; other than all " +
            "needs --model to be a run folder",
        },
        {
          name: "threshold",
          kind: "number",
          minimum: 0,
          maximum: 1,
          default: "0.5",
          help: "the probability above which a pixel is object",
        },
        { name: "json", kind: "switch", help: "prints JSON" },
      ],
    },
    { title: "Windows", flags: windowFlags },
    inferenceFlags(),
  ],
  examples: [
    [
      "--model runs/first --data cells.zip --part validation",
      "on the images that the run validated on",
    ],
  ],
  positional: [0, 0],
  async run(flags) {
    const modelPath = flags.required("model");
    const part = flags.text("part") as Part;
    const live = liveLine();
    using interrupt = interruptSignal(() => live.clear());
    await using stack = new AsyncDisposableStack();
    const dataset = await openDataset(flags.required("data"));
    stack.defer(() => dataset.close());
    const ids = part === "all"
      ? null
      : new Set((await openRun(modelPath)).split[part]);
    const cases = dataset.cases.filter(({ id }) => ids?.has(id) ?? true);
    checkPart(part, ids, cases.length);
    const network = stack.use(
      await openNetwork(flags, await readModel(modelPath)),
    );
    if (!flags.on("json")) printLine(describeChoice(network.device));
    let faults = 0;
    const scores = await evaluateModel({
      predict: network.predict,
      window: windowOf(network.model, network.device.name, flags),
      cases,
      threshold: flags.number("threshold")!,
      signal: interrupt.signal,
      onImage: (done, all) =>
        live.update(`Scoring ${bar(done / all)} ${done}/${all}`),
      onFault(error) {
        live.clear();
        printError(error.message);
        faults++;
      },
    });
    live.clear();
    if (scores.images === 0) {
      throw new DatasetError(
        cannot("evaluate", "dataset", dataset.path, {
          found: "no image that can be read",
          expected: "at least one",
        }),
      );
    }
    if (flags.on("json")) printJson(scores);
    else printScores(scores);
    return faults === 0 ? 0 : 1;
  },
};

type Part = "all" | "train" | "validation" | "test";

function checkPart(
  part: Part,
  ids: ReadonlySet<string> | null,
  found: number,
): void {
  const expected = ids?.size ?? found;
  if (found > 0 && found === expected) return;
  throw new UsageError(
    cannot("evaluate", "part", part, {
      found: `${found} images of it in the data`,
      expected: expected === 0 ? "at least one" : String(expected),
      remedy: "name the data that the run was trained on",
    }),
  );
}

function printScores(scores: ModelScores): void {
  const { images, pixels, perImage, instances, modalities } = scores;
  const rows = [
    ["Score", "Value", "Over"],
    ["F1", pixels.f1.toFixed(4), "all pixels"],
    ["IoU", pixels.iou.toFixed(4), "all pixels"],
    ["Precision", pixels.precision.toFixed(4), "all pixels"],
    ["Recall", pixels.recall.toFixed(4), "all pixels"],
    ["F1", perImage.f1.toFixed(4), `mean of ${images} images`],
  ];
  for (const line of formatTable(rows)) printLine(line);
  printLine();
  const parts = Object.entries(modalities);
  const instanceRows = [
    ["Instances", "Images", ...columns.map(([name]) => name)],
    instanceRow("all", images, instances),
    ...parts.length < 2
      ? []
      : parts.map(([modality, { images, instances }]) =>
        instanceRow(modality, images, instances)
      ),
  ];
  for (const line of formatTable(instanceRows)) printLine(line);
}

const columns: readonly [string, (scores: InstanceSummary) => number][] = [
  ...[0.5, 0.6, 0.7, 0.8, 0.9].map((iou) =>
    [
      `AP ${iou}`,
      ({ averagePrecisions }: InstanceSummary) => averagePrecisions[iou]!,
    ] as [string, (scores: InstanceSummary) => number]
  ),
  ["Mean AP", ({ meanAveragePrecision }) => meanAveragePrecision],
  ["F1", ({ f1 }) => f1],
  ["PQ", ({ panopticQuality }) => panopticQuality],
  ["AJI", ({ aggregatedJaccard }) => aggregatedJaccard],
];

function instanceRow(
  name: string,
  images: number,
  scores: InstanceSummary,
): string[] {
  const values = columns.map(([, value]) => value(scores).toFixed(4));
  return [name, String(images), ...values];
}
