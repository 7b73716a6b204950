import {
  buildModel,
  createLoaders,
  lossOf,
  optimizerOf,
  prepareCases,
  settingsOfModel,
  splitOf,
  suitDevice,
} from "@unet/app";
import { openDevice } from "@unet/device";
import { cannot, TrainingError, UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import {
  drawRangeTest,
  findLearningRate,
  type RangeTestPoint,
  rangeTestRates,
  type RangeTestSuggestion,
  suggestLearningRate,
} from "@unet/train";
import type { Command } from "./command.ts";
import { describeDevice } from "./describe_device.ts";
import { Doubts } from "./doubts.ts";
import type { Flags } from "./flags.ts";
import { interruptSignal } from "./interrupt.ts";
import { formatTable } from "./table.ts";
import {
  bar,
  describeDownload,
  liveLine,
  printError,
  printLine,
} from "./terminal.ts";
import { machineFlags } from "./setting_flags.ts";
import { train } from "./train.ts";
import { settingsOf } from "./train_settings.ts";

/** The flags of training that a range test heeds. */
const trainingFlags = [
  "weights",
  "weights-partial",
  "weights-input",
  "batch",
  "loss",
  "boundary-weight",
  "recipe",
  "optimizer",
  "momentum",
  "nesterov",
  "weight-decay",
  "seed",
];

const groupOf = (title: string) =>
  train.groups.find((group) => group.title === title)!;

/** `unet lr-range`: the learning rate range test. */
export const lrRange: Command = {
  name: "lr-range",
  summary: "finds a learning rate by raising it until the loss diverges",
  usage: "[--data DIR|ZIP] [flags]",
  description:
    "Trains one step at each of many learning rates, from small to " +
    "large (the range test of Smith, 2017), prints the losses, " +
    "suggests a learning rate and a maximum for schedulers, and " +
    "draws the curve. It keeps no model.",
  groups: [
    {
      title: "Rates",
      flags: [
        {
          name: "from",
          kind: "number",
          minimum: 1e-12,
          default: "1e-4",
          help: "first learning rate",
        },
        {
          name: "to",
          kind: "number",
          maximum: 1e6,
          default: "10",
          help: "last learning rate",
        },
        {
          name: "steps",
          kind: "whole",
          minimum: 10,
          maximum: 10_000,
          default: "100",
          help: "number of learning rates",
        },
        {
          name: "out",
          kind: "text",
          value: "FILE",
          default: "lr-range.svg",
          help: "file for the curve",
        },
      ],
    },
    groupOf("Data"),
    groupOf("Network"),
    {
      title: "Training",
      flags: groupOf("Training").flags.filter(({ name }) =>
        trainingFlags.includes(name)
      ),
    },
    machineFlags,
  ],
  examples: [
    ["--data stage1_train.zip --width 0.25", "for SGD on the zip"],
    ["--optimizer adam --from 1e-5 --to 1", "for Adam, on drawn images"],
  ],
  positional: [0, 0],
  async run(flags) {
    const rates = ratesOf(flags);
    const points = await measure(flags, rates);
    const suggestion = suggestOrReport(points);
    const out = flags.text("out")!;
    await writeFile(out, drawRangeTest(points, suggestion), "curve");
    printPoints(points);
    if (suggestion) {
      const { steepest, tenthOfLowest } = suggestion;
      printLine(
        `Steepest descent at ${steepest.toPrecision(2)}; as a maximum for ` +
          `schedulers: ${tenthOfLowest.toPrecision(2)}`,
      );
    }
    printLine(`Curve: ${out}`);
    return suggestion ? 0 : 1;
  },
};

function ratesOf(flags: Flags): number[] {
  const minimum = flags.number("from")!, maximum = flags.number("to")!;
  if (maximum <= minimum) {
    throw new UsageError(
      cannot("use", "flag", "--to", {
        found: String(maximum),
        expected: `above --from ${minimum}`,
      }),
    );
  }
  return rangeTestRates({ minimum, maximum, steps: flags.number("steps")! });
}

async function measure(
  flags: Flags,
  rates: readonly number[],
): Promise<RangeTestPoint[]> {
  const live = liveLine();
  using interrupt = interruptSignal(() => {
    live.clear();
    printError("Interrupted: no curve is written");
  });
  await using stack = new AsyncDisposableStack();
  const wanted = await settingsOf(flags);
  const device = await openDevice(wanted.device, {
    precision: wanted.precision,
  });
  stack.defer(() => device.close());
  printLine(describeDevice(device, flags.on("verbose")));
  const suited = suitDevice(wanted, device);
  const doubts = new Doubts(printError);
  const cases = await prepareCases(suited, {
    onCached(done, all) {
      interrupt.signal.throwIfAborted();
      live.update(`Reading images ${bar(done / all)} ${done}/${all}`);
    },
    onFault: ({ message }) => printError(`Left out: ${message}`),
    onWarning: (fault) => doubts.add(fault),
  });
  const split = splitOf(suited, cases);
  doubts.end();
  const { model } = await buildModel(suited, {
    isOffline: flags.on("offline"),
    onWeights: (lines) => lines.forEach(printLine),
    onDownload: (done, all) => live.update(describeDownload(done, all)),
    signal: interrupt.signal,
  });
  stack.defer(() => model.dispose());
  const settings = settingsOfModel(suited, model);
  const loaders = createLoaders(settings, split, cases);
  stack.defer(() => loaders.train.close());
  stack.defer(() => loaders.validation.close());
  const optimizer = optimizerOf(settings);
  stack.defer(() => optimizer.dispose());
  const points = await findLearningRate({
    model,
    optimizer,
    loss: lossOf(settings),
    loader: loaders.train,
    rates,
    seed: settings.seed,
    signal: interrupt.signal,
    onStep: (done, loss) =>
      live.update(
        `Trying ${bar(done / rates.length)} ${done}/${rates.length} ` +
          `loss ${loss.toFixed(4)}`,
      ),
  });
  live.clear();
  interrupt.signal.throwIfAborted();
  return points;
}

function suggestOrReport(
  points: readonly RangeTestPoint[],
): RangeTestSuggestion | undefined {
  try {
    return suggestLearningRate(points);
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    printError(error.message);
    return undefined;
  }
}

/** At most so many lines of the table. */
const tableLines = 20;

function printPoints(points: readonly RangeTestPoint[]): void {
  const stride = Math.ceil(points.length / tableLines);
  const rows = points
    .filter((_, index) => index % stride === 0)
    .map(({ learningRate, loss, smoothedLoss }) => [
      learningRate.toExponential(2),
      loss.toFixed(4),
      smoothedLoss.toFixed(4),
    ]);
  const header = ["Learning rate", "Loss", "Smoothed"];
  for (const line of formatTable([header, ...rows])) printLine(line);
}
