import { type EpochRow, headColumnsOf, sourceColumnsOf } from "@unet/train";
import { describeSeconds } from "./terminal.ts";

/**
 * An epoch in a line: losses, scores, learning rate, seconds.
 *
 * @param row What it measured; epoch 0 is the model before training.
 * @param epochs How many epochs there are in all.
 * @param options Whether its F1 is the best so far, and whether the scores are
 * of images that were held out.
 */
export function describeEpoch(
  row: EpochRow,
  epochs: number,
  { isBest, isHeldOut }: {
    readonly isBest: boolean;
    readonly isHeldOut: boolean;
  },
): string {
  const { epoch, loss, learningRate } = row;
  const heads = headColumnsOf(Object.keys(row))
    .filter((name) => name.endsWith("F1"))
    .map((name) => `${name.slice(0, -2)} ${Number(row[name]).toFixed(4)}`);
  return [
    `Epoch ${epoch}/${epochs}`,
    loss === null ? "before training" : `loss ${loss.toFixed(4)}`,
    `${isHeldOut ? "validation loss" : "loss on training images"} ` +
    row.validationLoss.toFixed(4),
    `F1 ${row.f1.toFixed(4)} (mean of images ${row.f1PerImage.toFixed(4)})`,
    ...heads,
    ...learningRate === null ? [] : [`lr ${learningRate.toPrecision(3)}`],
    describeSeconds(row.seconds),
    ...isBest && isHeldOut ? ["best"] : [],
  ].join("  ");
}

/**
 * The F1 of each data set in an epoch, the lowest first.
 *
 * @param row What it measured.
 * @returns A line, or none where there is one data set.
 */
export function describeSources(row: EpochRow): string[] {
  const scores = sourceColumnsOf(Object.keys(row))
    .map((name) => [name.slice("f1:".length), Number(row[name])] as const)
    .toSorted(([, a], [, b]) => a - b);
  if (scores.length === 0) return [];
  const listed = scores.map(([name, f1]) => `${name} ${f1.toFixed(4)}`);
  return [`F1 of each data set in epoch ${row.epoch}: ${listed.join(", ")}`];
}
