import { count } from "@unet/errors";
import type {
  FoundSettings,
  ImageScores,
  InstanceSummary,
  ModelScores,
  ObjectClassScores,
  PartScores,
  WorstImage,
} from "@unet/app";
import { partsOfScores } from "./parts_of_scores.ts";
import { formatTable } from "./table.ts";
import { printLine } from "./terminal.ts";
import { wordSetting } from "./word_settings.ts";

/**
 * Prints scores as tables: over all, by way of imaging and by data set where
 * there are several, and of the worst images.
 *
 * @param scores The scores.
 * @param worst The worst images, the worst first.
 */
export function printScores(
  scores: ModelScores,
  worst: readonly WorstImage<ImageScores>[],
): void {
  const { images, pixels, perImage } = scores;
  printTable([
    ["Score", "Value", "Over"],
    ["F1", digits(pixels.f1), "all pixels"],
    ["IoU", digits(pixels.iou), "all pixels"],
    ["Precision", digits(pixels.precision), "all pixels"],
    ["Recall", digits(pixels.recall), "all pixels"],
    ["F1", digits(perImage.f1), `mean of ${count(images, "image")}`],
  ]);
  const parts = partsOfScores<PartScores>(scores);
  if (parts.length > 1) {
    printLine();
    printTable([
      ["Pixels", "Images", ...pixelColumns.map(([name]) => name)],
      ...parts.map(([name, part]) => row(name, part, pixelColumns, part)),
    ]);
  }
  printLine();
  printInstances(parts);
  if (scores.objectClasses) printObjectClasses(scores.objectClasses);
  if (worst.length > 0) printWorst(worst);
  if (scores.diameters) {
    printLine();
    printLine(wordScaled(scores.diameters));
  }
  const { bestThreshold: best } = scores;
  if (best) {
    printLine();
    printLine(
      `Best threshold: ${best.threshold}, F1 ${
        digits(best.f1)
      } over all pixels`,
    );
  }
  if (scores.instanceSettings) printSettings(scores.instanceSettings);
}

/** The settings of instances that do best, as flags of export. */
function printSettings(ranking: readonly FoundSettings[]): void {
  const [best] = ranking;
  if (!best) return;
  printLine();
  printLine(wordBest(best, ranking));
}

function wordBest(
  best: FoundSettings,
  ranking: readonly FoundSettings[],
): string {
  const score = digits(best.meanAveragePrecision);
  const inUse = ranking.find(({ settings }) =>
    Object.keys(settings).length === 0
  );
  if (best === inUse) {
    return "Best instances: no combination does better than the settings in " +
      `use, mean AP ${score}`;
  }
  const flags = Object.entries(best.settings)
    .map(([name, value]) => wordSetting(name, String(value)));
  const before = inUse
    ? ` (${digits(inUse.meanAveragePrecision)} with the settings in use)`
    : "";
  return `Best instances: ${flags.join(" ")}, mean AP ${score}${before}`;
}

/** Words how many images the network saw at another size, and at which. */
function wordScaled(images: NonNullable<ModelScores["diameters"]>): string {
  const scales = images.map(({ scale }) => scale).filter((one) => one !== 1);
  if (scales.length === 0) return "Scaled for the network: no image";
  const ends = [Math.min(...scales), Math.max(...scales)]
    .map((scale) => scale.toPrecision(2));
  return `Scaled for the network: ${scales.length} of ` +
    `${count(images.length, "image")}, by ${[...new Set(ends)].join(" to ")}`;
}

function printInstances(parts: readonly (readonly [string, PartScores])[]) {
  const scored = parts.flatMap(([name, part]) =>
    part.instances ? [{ name, part, instances: part.instances }] : []
  );
  if (scored.length === 0) {
    printLine("Instances are not scored: most pixels are not labeled");
    return;
  }
  printTable([
    ["Instances", "Images", ...instanceColumns.map(([name]) => name)],
    ...scored.map(({ name, part, instances }) =>
      row(name, part, instanceColumns, instances)
    ),
  ]);
  printLine();
  printTable([
    [
      ...["No match at IoU 0.5", "True: joined", "cut", "missed", "outline"],
      ...["Found: joined", "cut", "false", "outline"],
    ],
    ...scored.map(({ name, instances: { errors } }) => [
      name,
      ...Object.values(errors.truth).map(String),
      ...Object.values(errors.prediction).map(String),
    ]),
  ]);
}

function printObjectClasses({ accuracy, classes }: ObjectClassScores): void {
  printLine();
  printTable([
    ["Class of objects", "F1", "Precision", "Recall", "Objects", "Found"],
    ...Object.entries(classes).map(([name, one]) => [
      ...[name, digits(one.f1), digits(one.precision), digits(one.recall)],
      ...[String(one.objects), String(one.found)],
    ]),
  ]);
  printLine(
    accuracy === null
      ? "No object is found at an IoU above 0.5"
      : `Of objects that are found at an IoU above 0.5, ${
        (100 * accuracy).toFixed(1)
      } % have the right class`,
  );
}

function printWorst(worst: readonly WorstImage<ImageScores>[]): void {
  const isDrawn = worst.some(({ overlay }) => overlay !== undefined);
  printLine();
  printTable([
    [
      ...["Worst images", "Modality", "F1", "AP 0.5", "Objects", "Found"],
      ...isDrawn ? ["Overlay"] : [],
    ],
    ...worst.map(({ id, modality, f1, ap50, objects, found, overlay }) => [
      ...[id, modality, digits(f1), digits(ap50)],
      ...[String(objects), String(found)],
      ...overlay === undefined ? [] : [overlay],
    ]),
  ]);
  if (isDrawn) {
    printLine("Overlays: true outlines are orange, predicted ones blue");
  }
}

type Column<Scores> = readonly [string, (scores: Scores) => number];

const pixelColumns: readonly Column<PartScores>[] = [
  ["F1", ({ pixels }) => pixels.f1],
  ["IoU", ({ pixels }) => pixels.iou],
  ["Precision", ({ pixels }) => pixels.precision],
  ["Recall", ({ pixels }) => pixels.recall],
  ["F1 of an image", ({ perImage }) => perImage.f1],
];

const instanceColumns: readonly Column<InstanceSummary>[] = [
  ...[0.5, 0.6, 0.7, 0.8, 0.9].map((iou): Column<InstanceSummary> => [
    `AP ${iou}`,
    ({ averagePrecisions }) => averagePrecisions[iou]!,
  ]),
  ["Mean AP", ({ meanAveragePrecision }) => meanAveragePrecision],
  ["F1", ({ f1 }) => f1],
  ["PQ", ({ panopticQuality }) => panopticQuality],
  ["AJI", ({ aggregatedJaccard }) => aggregatedJaccard],
];

function row<Scores>(
  name: string,
  { images }: PartScores,
  columns: readonly Column<Scores>[],
  scores: Scores,
): string[] {
  return [name, String(images), ...columns.map(([, of]) => digits(of(scores)))];
}

function digits(value: number): string {
  return value.toFixed(4);
}

function printTable(rows: readonly (readonly string[])[]): void {
  for (const line of formatTable(rows)) printLine(line);
}
