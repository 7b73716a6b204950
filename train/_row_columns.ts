import type { EpochRow } from "./epoch_row.ts";

/** What epoch 0 lacks, in which nothing was trained. */
export const trainedColumns: readonly (keyof EpochRow)[] = [
  "loss",
  "learningRate",
];

/** What a row holds, in order; the compiler sees to it that none is missing. */
const allColumns = Object.keys(
  {
    epoch: 0,
    step: 0,
    loss: 0,
    validationLoss: 0,
    f1: 0,
    f1PerImage: 0,
    iou: 0,
    precision: 0,
    recall: 0,
    borderF1: 0,
    learningRate: 0,
    seconds: 0,
  } satisfies Record<keyof EpochRow, 0>,
) as (keyof EpochRow)[];

/** The columns of a run: with the score of borders, or without. */
export function rowColumns(hasBorders: boolean): readonly (keyof EpochRow)[] {
  return allColumns.filter((name) => hasBorders || name !== "borderF1");
}
