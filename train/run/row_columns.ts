import type { EpochRow } from "./epoch_row.ts";

/** What epoch 0 lacks, in which nothing was trained. */
export const trainedColumns: readonly (keyof EpochRow)[] = [
  "loss",
  "learningRate",
];

/** What a row of one head holds, in order; the compiler sees to it that none is missing. */
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
    learningRate: 0,
    seconds: 0,
  } satisfies Record<Exclude<keyof EpochRow, HeadColumn>, 0>,
) as (keyof EpochRow)[];

/**
 * A column with the F1 of a head after the first, as in `borderF1`, or with F1
 * or IoU of a class, as in `axonF1` and `axonIou`.
 */
export type HeadColumn = `${string}F1` | `${string}Iou`;

/**
 * Those of some names that are columns of heads after the first, or of classes.
 *
 * @param names Names of columns, as of an epoch's row.
 * @returns Each such column once, in order.
 *
 * @example
 * ```ts
 * import { headColumnsOf } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(headColumnsOf(["f1", "borderF1", "seconds"]), ["borderF1"]);
 * ```
 */
export function headColumnsOf(names: Iterable<string>): HeadColumn[] {
  return [...new Set(names)].filter((name): name is HeadColumn =>
    /.(F1|Iou)$/.test(name)
  );
}

/** The columns of a run, with those of its further heads after the first's. */
export function rowColumns(
  heads: readonly HeadColumn[],
): readonly (keyof EpochRow)[] {
  const at = allColumns.indexOf("recall") + 1;
  return allColumns.toSpliced(at, 0, ...heads);
}
