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
  } satisfies Record<Exclude<keyof EpochRow, HeadColumn | SourceColumn>, 0>,
) as (keyof EpochRow)[];

/**
 * A column with the F1 of a head after the first, as in `borderF1`, or with F1
 * or IoU of a class, as in `axonF1` and `axonIou`.
 */
export type HeadColumn = `${string}F1` | `${string}Iou`;

/** A column with the F1 of a data set, as in `f1:cells`. */
export type SourceColumn = `f1:${string}`;

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
    /.(F1|Iou)$/.test(name) && !isSource(name)
  );
}

/**
 * Those of some names that are columns of data sets.
 *
 * @param names Names of columns, as of an epoch's row.
 * @returns Each such column once, in order.
 *
 * @example
 * ```ts
 * import { sourceColumnsOf } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sourceColumnsOf(["f1", "f1:cells", "seconds"]), ["f1:cells"]);
 * ```
 */
export function sourceColumnsOf(names: Iterable<string>): SourceColumn[] {
  return [...new Set(names)].filter(isSource);
}

function isSource(name: string): name is SourceColumn {
  return /^f1:./s.test(name);
}

/**
 * The columns of a run, with those of its further heads after the first's, and
 * then those of its data sets.
 */
export function rowColumns(
  names: readonly string[],
): readonly (keyof EpochRow)[] {
  const at = allColumns.indexOf("recall") + 1;
  const more = [...headColumnsOf(names), ...sourceColumnsOf(names)];
  return allColumns.toSpliced(at, 0, ...more);
}
