import { count } from "@unet/errors";
import type {
  ClassImageScores,
  ClassModelScores,
  ClassPartScores,
  ClassScore,
  WorstImage,
} from "@unet/app";
import { partsOfScores } from "./parts_of_scores.ts";
import { formatTable } from "./table.ts";
import { printLine } from "./terminal.ts";

/**
 * Prints scores of classes as tables: by class, by way of imaging and by data
 * set where there are several, which classes were taken for which, and the worst images.
 *
 * @param scores The scores.
 * @param worst The worst images, the worst first.
 */
export function printClassScores(
  scores: ClassModelScores,
  worst: readonly WorstImage<ClassImageScores>[],
): void {
  const { images, mean, accuracy, perImage, classes, confusion } = scores;
  const names = Object.keys(classes), all = confusion.flat().reduce(sum, 0);
  printTable([
    ["Class", "F1 (Dice)", "IoU", "Precision", "Recall", "Share"],
    ...names.map((name, at) => [
      name,
      ...inDigits(classes[name]!),
      percent(confusion[at]!.reduce(sum, 0) / all),
    ]),
    ["mean but background", ...inDigits(mean), ""],
  ]);
  printLine(
    `F1 as a mean of ${count(images, "image")}: ${digits(perImage.f1)}; ` +
      `accuracy ${digits(accuracy)}`,
  );
  const parts = partsOfScores<ClassPartScores>(scores);
  if (parts.length > 1) {
    printLine();
    printTable([
      ["F1", "Images", ...names, "mean"],
      ...parts.map(([name, part]) => [
        ...[name, String(part.images)],
        ...names.map((one) => digits(part.classes[one]!.f1)),
        digits(part.mean.f1),
      ]),
    ]);
  }
  printLine();
  printTable([
    ["Truth, predicted as", ...names],
    ...names.map((name, at) => {
      const row = confusion[at]!, own = row.reduce(sum, 0);
      return [
        name,
        ...row.map((pixels) => own === 0 ? "" : percent(pixels / own)),
      ];
    }),
  ]);
  if (worst.length > 0) printWorst(worst, names);
}

function printWorst(
  worst: readonly WorstImage<ClassImageScores>[],
  names: readonly string[],
): void {
  const isDrawn = worst.some(({ overlay }) => overlay !== undefined);
  printLine();
  printTable([
    [
      ...["Worst images", "Modality", "F1", ...names],
      ...isDrawn ? ["Overlay"] : [],
    ],
    ...worst.map(({ id, modality, f1, classes, overlay }) => [
      ...[id, modality, digits(f1)],
      ...names.map((name) => digits(classes[name]!)),
      ...overlay === undefined ? [] : [overlay],
    ]),
  ]);
}

function inDigits({ f1, iou, precision, recall }: ClassScore): string[] {
  return [f1, iou, precision, recall].map(digits);
}

function digits(value: number): string {
  return value.toFixed(4);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function sum(a: number, b: number): number {
  return a + b;
}

function printTable(rows: readonly (readonly string[])[]): void {
  for (const line of formatTable(rows)) printLine(line);
}
