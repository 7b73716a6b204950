import { cannot, TrainingError } from "@unet/errors";
import type { DivergedError, EpochRow, TrainingState } from "@unet/train";
import { shownPath } from "../shown_path.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import {
  causeOf,
  lowerRate,
  objectShare,
  type TrainingFacts,
} from "./training_cause.ts";

/**
 * Notes that no pixel of an object has been found for two epochs.
 *
 * @param facts What is known.
 * @returns The line, or undefined before two such epochs and after them.
 */
export function describeCollapse(facts: TrainingFacts): string | undefined {
  if (blindEpochs(facts.rows) !== 2) return undefined;
  const { found, remedy, isSure } = causeOf(facts);
  return "Note: no pixel of an object was found in the last 2 epochs (F1 0): " +
    `${found}${isSure ? `; stop with Ctrl-C and ${remedy}` : ""}`;
}

/**
 * Judges a training that has come to its end.
 *
 * @param facts What is known.
 * @returns A note where the network found no object but may only need more
 * steps; nothing where all is well.
 * @throws {TrainingError} If the network learned nothing, or finds nothing any
 * more; the message names the cause and what is kept.
 */
export function judgeTraining(facts: TrainingFacts): string | undefined {
  const { settings, rows } = facts;
  const best = bestOf(rows), blind = blindEpochs(rows);
  const start = rows.find(({ epoch }) => epoch === 0);
  if (best === undefined) return undefined;
  const cause = causeOf(facts), trivial = trivialF1(facts);
  if (best.f1 <= trivial) {
    const found = best.f1 === 0
      ? "no pixel of an object in any epoch (F1 0)"
      : `a best F1 of ${best.f1.toFixed(4)}, no better than the ` +
        `${trivial.toFixed(4)} of ` +
        (settings.classes === null
          ? "marking every pixel as object"
          : "giving every pixel the same class");
    if (!cause.isSure) return `Note: ${found}: ${cause.found}; ${cause.remedy}`;
    throw new TrainingError(
      cannot("train", "network", shownPath(settings.out), {
        found: `${found}: ${cause.found}`,
        expected: settings.classes === null
          ? "a network that finds objects"
          : "a network that separates classes",
        remedy: cause.remedy +
          (start === undefined ? "" : `; ${keptModel(settings, start)}`),
      }),
    );
  }
  if (blind === 0) return undefined;
  throw new TrainingError(
    cannot(
      "train",
      "network beyond epoch",
      String(rows.at(-1)!.epoch - blind),
      {
        found: "no pixel of an object in the " +
          `${blind === 1 ? "last epoch" : `last ${blind} epochs`} (F1 0)` +
          `${cause.isSure ? `: ${cause.found}` : ""}`,
        expected: "a network that finds objects",
        remedy: `${lowerRate(settings)}; ${keptModel(settings, best)}`,
      },
    ),
  );
}

/**
 * Says which model of a training that ended badly is kept.
 *
 * @param settings The settings of the training.
 * @param best Its best epoch, or undefined where none was saved.
 */
export function keptModel(
  { out }: TrainSettings,
  best: { readonly epoch: number; readonly f1: number } | null | undefined,
): string {
  return best
    ? `${shownPath(out)}/best keeps ` +
      (best.epoch === 0
        ? "the weights it started from"
        : `epoch ${best.epoch}`) +
      `, F1 ${best.f1.toFixed(4)}`
    : "no model was saved";
}

/**
 * Says where a training diverged, what to do, and what is kept.
 *
 * @param cause Where its numbers were no longer finite.
 * @param settings The settings of the training.
 * @param best Its best epoch so far, or null.
 */
export function describeDivergence(
  cause: DivergedError,
  settings: TrainSettings,
  best: TrainingState["best"],
): TrainingError {
  const { what, epoch, step, learningRate } = cause.at;
  if (learningRate === null) return cause;
  return new TrainingError(
    cannot("train", "network", shownPath(settings.out), {
      found: `${what} in epoch ${epoch}, step ${step}, at learning rate ` +
        Number(learningRate.toPrecision(3)),
      expected: "finite numbers",
      remedy: `${lowerRate(settings)}; ${keptModel(settings, best)}`,
    }),
    { cause },
  );
}

/** Epochs at the end that found no pixel of an object. */
function blindEpochs(rows: readonly EpochRow[]): number {
  const trained = rows.filter(({ epoch }) => epoch > 0);
  return trained.length - 1 - trained.findLastIndex(({ f1 }) => f1 > 0);
}

/** The best trained epoch; the first of several. */
function bestOf(rows: readonly EpochRow[]): EpochRow | undefined {
  const trained = rows.filter(({ epoch }) => epoch > 0);
  return trained.find(({ f1 }) => f1 === Math.max(...trained.map((r) => r.f1)));
}

/**
 * The F1 of marking every pixel as object, which takes no network; of classes
 * the largest mean F1 of giving every pixel the same one.
 */
function trivialF1({ settings, evaluation }: TrainingFacts): number {
  const almost = 1 + 1e-6;
  if (settings.classes === null) {
    return f1OfAll(objectShare(evaluation) ?? 0) * almost;
  }
  const shares = Object.values(evaluation?.classShares ?? {});
  return Math.max(0, ...shares.map(f1OfAll)) / (settings.classes.length - 1) *
    almost;
}

function f1OfAll(share: number): number {
  return 2 * share / (1 + share);
}
