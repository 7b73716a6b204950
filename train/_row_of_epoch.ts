import { DivergedError } from "./diverged_error.ts";
import type { EpochRow } from "./run/epoch_row.ts";
import type { Evaluation } from "./metrics/evaluate.ts";

/** What a validation measured, and the seconds that it took. */
export interface TimedEvaluation {
  readonly evaluation: Evaluation;
  readonly seconds: number;
}

/** What training adds to a validation; the seconds are training's alone. */
type Trained = Pick<
  EpochRow,
  "epoch" | "step" | "loss" | "learningRate" | "seconds"
>;

/**
 * The row of an epoch.
 *
 * @throws {DivergedError} If the validation loss is not finite.
 */
export function rowOfEpoch(
  { evaluation, seconds }: TimedEvaluation,
  trained: Trained,
): EpochRow {
  const { loss: validationLoss, scores, headScores, classScores } = evaluation;
  const { sourceScores } = evaluation;
  const { epoch, step, loss, learningRate } = trained;
  if (!Number.isFinite(validationLoss)) {
    throw new DivergedError({
      what: `validation loss ${validationLoss}`,
      ...{ epoch, step, learningRate },
    });
  }
  const { f1, f1PerImage, iou, precision, recall } = scores;
  return {
    ...{ epoch, step, loss, validationLoss },
    ...{ f1, f1PerImage, iou, precision, recall },
    ...Object.fromEntries(
      Object.entries(headScores).map(([name, { f1 }]) => [`${name}F1`, f1]),
    ),
    ...Object.fromEntries(
      Object.entries(classScores).flatMap(([name, { f1, iou }]) => [
        [`${name}F1`, f1],
        [`${name}Iou`, iou],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(sourceScores).map(([name, { f1 }]) => [`f1:${name}`, f1]),
    ),
    learningRate,
    seconds: trained.seconds + seconds,
  };
}
