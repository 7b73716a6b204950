import type {
  LrRangeChoices,
  LrRangeEvents,
  LrRangeReport,
  LrRangeStep,
} from "@unet/app";
import {
  mostTrialSteps,
  rangeTestEnds,
  readSettings,
  trainTable,
} from "@unet/app/settings";
import { shownPath } from "@unet/app/shown-path";
import { count } from "@unet/errors";
import { writeFile } from "@unet/files";
import type {
  Evaluation,
  LearningRateTrial,
  RangeTestPoint,
} from "@unet/train";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { Doubts } from "./doubts.ts";
import type { Flags } from "./flags.ts";
import { givenValues } from "./given_values.ts";
import { interruptSignal } from "./interrupt.ts";
import { programName } from "./program_name.ts";
import { formatTable } from "./table.ts";
import {
  bar,
  type LiveLine,
  liveLine,
  printError,
  printLine,
} from "./terminal.ts";
import { train } from "./train.ts";
import { wordSetting, wordSettings } from "./word_settings.ts";

/** The flags of training that a range test uses. */
const trainingFlags = [
  "weights",
  "weights-partial",
  "weights-input",
  "epochs",
  "batch",
  "loss",
  "boundary-weight",
  "recipe",
  "optimizer",
  "momentum",
  "nesterov",
  "weight-decay",
  "batch-norm-batches",
  "seed",
];

/** An end of the default ranges in words. */
function endsInWords(end: "minimum" | "maximum"): string {
  const { adam, sgd } = rangeTestEnds;
  return `${adam[end]} for adam and adamw, ${sgd[end]} for sgd`;
}

const groupOf = (title: string) =>
  train.groups.find((group) => group.title === title)!;

/** `unet lr-range`: the learning rate range test. */
export const lrRange: Command = {
  name: "lr-range",
  summary: commandSummaries["lr-range"],
  usage: "[--data DIR|ZIP] [flags]",
  description:
    "Trains one step at each of many learning rates, from small to " +
    "large (the range test of Smith, 2017), prints the losses and draws the " +
    "curve. The curve gives a first learning rate, as in fastai. Short " +
    "trainings at it, at a third, a ninth or three times, and so on as long " +
    "as F1 rises, find the lowest one that does as well as the best. It " +
    "keeps " +
    "no model.",
  groups: [
    {
      title: "Rates",
      flags: [
        {
          name: "from",
          kind: "number",
          minimum: 1e-12,
          help: `first learning rate (default ${endsInWords("minimum")})`,
        },
        {
          name: "to",
          kind: "number",
          maximum: 1e6,
          help: `last learning rate (default ${endsInWords("maximum")})`,
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
          name: "trial-steps",
          kind: "whole",
          minimum: 0,
          maximum: 10_000,
          help: "steps of each short training (default as many as the " +
            `training has, at most ${mostTrialSteps}); 0 suggests what the ` +
            "curve gives",
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
    groupOf("Machine"),
  ],
  examples: [
    [
      "--data stage1_train.zip --width 0.25",
      "for the default optimizer, on a zip",
    ],
    ["--optimizer adam --trial-steps 0", "for Adam, from the curve alone"],
  ],
  positional: [0, 0],
  async run(flags) {
    const { lrRange: suggestRate } = await import("@unet/app");
    const { sessionEvents } = await import("./session_events.ts");
    const live = liveLine(), doubts = new Doubts(printError);
    using interrupt = interruptSignal(() => {
      live.clear();
      printError("Interrupted: no learning rate is suggested");
    });
    const { signal } = interrupt;
    const choices = choicesOf(flags);
    try {
      const report = await suggestRate(choices, {
        ...sessionEvents({ device: flags.required("device") }, {
          ...{ signal, live, doubts },
          offline: flags.on("offline"),
          verbose: flags.on("verbose"),
        }),
        ...curveEvents(flags.required("out"), { live, doubts }),
        ...trialEvents(live),
      });
      printLine(describeReport(report, flags));
      return 0;
    } finally {
      live.clear();
      doubts.end();
    }
  },
};

function choicesOf(flags: Flags): LrRangeChoices {
  const from = flags.number("from"), to = flags.number("to");
  const trialSteps = flags.number("trial-steps");
  // --out is the curve's.
  const { out: _, ...training } = readSettings(trainTable, flags);
  return {
    ...training,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    steps: flags.number("steps")!,
    ...(trialSteps !== undefined && { trialSteps }),
  };
}

/** Prints the range test and writes its curve. */
function curveEvents(
  out: string,
  { live, doubts }: { readonly live: LiveLine; readonly doubts: Doubts },
): LrRangeEvents {
  return {
    onStart() {
      live.clear();
      doubts.end();
    },
    onStep: (step) => live.update(describeStep(step)),
    async onCurve(points, suggestion) {
      live.clear();
      printPoints(points);
      const { drawRangeTest } = await import("@unet/train");
      const curve = drawRangeTest(points, suggestion ?? undefined);
      await writeFile(out, curve, "curve");
      printLine(`Curve: ${shownPath(out)}`);
    },
  };
}

/** Prints the short trainings. */
function trialEvents(live: LiveLine): LrRangeEvents {
  const say = (line: string): void => {
    live.clear();
    printLine(line);
  };
  return {
    onStartScores: (evaluation) =>
      say(`Before training: ${describeScores(evaluation)}`),
    onTrial: (trial) => say(describeTrial(trial)),
    onNote: (line) => say(wordSettings(line)),
  };
}

function describeStep({ learningRate, done, all, loss }: LrRangeStep): string {
  const what = learningRate === null ? "Range test" : `Trying ${learningRate}`;
  return `${what} ${bar(done / all)} ${done}/${all} loss ${loss.toFixed(4)}`;
}

function describeTrial(
  { learningRate, evaluation }: LearningRateTrial,
): string {
  return `Tried ${learningRate}: ` +
    (evaluation === null
      ? "a loss that is not finite"
      : describeScores(evaluation));
}

function describeScores({ loss, scores }: Evaluation): string {
  return `validation loss ${loss.toFixed(4)}, F1 ${scores.f1.toFixed(4)}`;
}

/** The suggestion, and how it stands to the default, in a line. */
function describeReport(
  { settings, learningRate, trials, stepsPerEpoch, trialSteps: steps }:
    LrRangeReport,
  flags: Flags,
): string {
  const proof = trials.length === 0
    ? "not tried"
    : `tried for ${count(steps, "step")}, ` +
      `${(steps / stepsPerEpoch).toFixed(1)} epochs`;
  const words = [...trainingWords(flags), `--lr ${learningRate}`].join(" ");
  return `Suggested: ${programName()} train ${words} ` +
    `(${proof}; the default for ${settings.optimizer} is ` +
    `${settings.learningRate})`;
}

/** The flags that the training has in common with the test, as they were given. */
function trainingWords(flags: Flags): string[] {
  const [own, ...shared] = lrRange.groups;
  const names = new Set([...own!.flags.map(({ name }) => name), "lr"]);
  const table = shared.flatMap(({ flags }) => flags)
    .filter(({ name }) => !names.has(name));
  return Object.entries(givenValues(flags, table)).map(([name, value]) =>
    value === true ? wordSetting(name) : wordSetting(name, String(value))
  );
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
