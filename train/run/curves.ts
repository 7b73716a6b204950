import { cannot } from "@unet/errors";
import { drawChart, type Panel } from "./chart.ts";
import {
  type HeadColumn,
  headColumnsOf,
  sourceColumnsOf,
} from "./row_columns.ts";
import type { EpochRow } from "./epoch_row.ts";

/** How {@linkcode drawCurves} draws. */
export interface CurvesOptions {
  /** What the picture is of, for those who hear it read; "Training curves" by
   * default. */
  readonly title?: string;
}

const blue = "#0072b2", orange = "#d55e00", green = "#009e73";
const headColors = [blue, "#cc79a7", "#e69f00", "#56b4e9"];
const sourceColors = [orange, green, ...headColors];

/**
 * Draws loss and validation loss, F1 (of every head that is scored, and of each
 * data set where there are several), and the learning rate against epochs, below
 * each other, and marks the epoch with the best F1.
 *
 * @param rows The epochs, one or more. A value that is not finite leaves a gap.
 * @param options The title.
 * @returns An SVG of 800×810, or 800×1080 with data sets, that stands alone; the
 * same for the same rows.
 * @throws {RangeError} If there are no rows.
 *
 * @example
 * ```ts
 * import { drawCurves, type EpochRow } from "@unet/train";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const row: EpochRow = {
 *   epoch: 1,
 *   step: 34,
 *   loss: 0.5,
 *   validationLoss: 0.4,
 *   f1: 0.8,
 *   f1PerImage: 0.7,
 *   iou: 0.6,
 *   precision: 0.8,
 *   recall: 0.8,
 *   learningRate: 0.4,
 *   seconds: 60,
 * };
 * assertStringIncludes(drawCurves([row]), "best: epoch 1, F1 0.800");
 * ```
 */
export function drawCurves(
  rows: readonly EpochRow[],
  options: CurvesOptions = {},
): string {
  if (rows.length === 0) {
    throw new RangeError(
      cannot("draw", "curves of", "rows", {
        found: "none",
        expected: "one or more",
      }),
    );
  }
  const best = bestOf(rows);
  const sources = sourceColumnsOf(rows.flatMap(Object.keys));
  const panel = (
    title: string,
    names: readonly (readonly [keyof EpochRow, string, string])[],
    options: Partial<Panel>,
  ): Panel => ({
    title,
    xLabel: "epoch",
    wholeX: true,
    series: names.map(([name, label, color]) => ({
      label,
      color,
      points: rows.map((row) => [row.epoch, row[name] ?? NaN] as const),
    })),
    ...(best && { marks: [{ x: best.epoch, label: "" }] }),
    ...options,
  });
  return drawChart(options.title ?? "Training curves", [
    panel("Loss", [
      ["loss", "training", blue],
      ["validationLoss", "validation", orange],
    ], { fromZero: true }),
    panel("F1 on the validation set", [
      ["f1", "all pixels", orange],
      ["f1PerImage", "mean of images", green],
      ...headColumnsOf(rows.flatMap(Object.keys)).filter(isF1).map((
        column,
        index,
      ) =>
        [
          column,
          column.slice(0, -"F1".length),
          headColors[index % headColors.length]!,
        ] as const
      ),
    ], best ? { marks: [markOf(best)] } : {}),
    ...(sources.length === 0 ? [] : [
      panel(
        "F1 on the validation images of each data set",
        sources.map((column, index) =>
          [
            column,
            column.slice("f1:".length),
            sourceColors[index % sourceColors.length]!,
          ] as const
        ),
        {},
      ),
    ]),
    panel("Learning rate", [
      ["learningRate", "at the epoch's end", blue],
    ], { fromZero: true }),
  ]);
}

function isF1(column: HeadColumn): boolean {
  return column.endsWith("F1");
}

function markOf(best: EpochRow): { x: number; label: string } {
  const label = `best: epoch ${best.epoch}, F1 ${best.f1.toFixed(3)}`;
  return { x: best.epoch, label };
}

/** The first epoch with the highest F1, if any is a number. */
function bestOf(rows: readonly EpochRow[]): EpochRow | undefined {
  return rows.filter(({ f1 }) => Number.isFinite(f1))
    .reduce<EpochRow | undefined>(
      (best, row) => best && best.f1 >= row.f1 ? best : row,
      undefined,
    );
}
