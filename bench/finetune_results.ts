import { layOut } from "./device_table.ts";

/** How well a model does on some images. */
export interface FinetuneScores {
  /** The images that were scored. */
  readonly images: number;
  /** F1 over all of their pixels. */
  readonly f1: number;
  /** Average precision of their objects at an IoU of 0.5. */
  readonly ap50: number;
}

/** A model trained on. */
export interface FinetuneRun {
  /** The name of the data set. */
  readonly source: string;
  /** Which draw of as many images it is, from 1. */
  readonly draw: number;
  /** The images that it was trained on. */
  readonly ids: readonly string[];
  /** Seconds of the training, from its process's start to its end. */
  readonly seconds: number;
  /** Of the model that was started from. */
  readonly before: FinetuneScores;
  /** Of the model that was trained on. */
  readonly after: FinetuneScores;
}

/** Several values as one. */
export interface Spread {
  /** Their mean. */
  readonly mean: number;
  /** The lowest. */
  readonly lowest: number;
  /** The highest. */
  readonly highest: number;
}

/** All draws of as many images of a data set. */
export interface FinetuneResult {
  /** The name of the data set. */
  readonly source: string;
  /** The images of each draw. */
  readonly images: number;
  /** How many draws. */
  readonly draws: number;
  /** Whether all draws hold the same images, and differ by the seed alone. */
  readonly isSameImages: boolean;
  /** Of the model that was started from. */
  readonly before: FinetuneScores;
  /** F1 afterwards. */
  readonly f1: Spread;
  /** Average precision afterwards. */
  readonly ap50: Spread;
  /** Minutes of a training. */
  readonly minutes: Spread;
}

/** Joins the draws of each data set and number of images, in order. */
export function toFinetuneResults(
  runs: readonly FinetuneRun[],
): FinetuneResult[] {
  const groups = Map.groupBy(
    runs,
    ({ source, ids }) => `${ids.length} ${source}`,
  );
  return [...groups.values()].map((group) => {
    const [{ source, ids, before }] = group as [FinetuneRun];
    const isSame = group.every((one) => one.ids.join() === ids.join());
    return {
      ...{ source, images: ids.length, draws: group.length, before },
      isSameImages: isSame && group.length > 1,
      f1: spreadOf(group.map(({ after }) => after.f1)),
      ap50: spreadOf(group.map(({ after }) => after.ap50)),
      minutes: spreadOf(group.map(({ seconds }) => seconds / 60)),
    };
  });
}

function spreadOf(values: readonly number[]): Spread {
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
}

/** The results as lines for people. */
export function finetuneTable(results: readonly FinetuneResult[]): string[] {
  const header = [
    ...["", "images", "draws", "F1 before", "after", "from–to"],
    ...["AP50 before", "after", "from–to", "minutes"],
  ];
  const score = (value: number): string => value.toFixed(3);
  const range = ({ lowest, highest }: Spread): string =>
    `${score(lowest)}–${score(highest)}`;
  const rows = results.map(({ before, f1, ap50, minutes, ...each }) => [
    ...[each.source, String(each.images), String(each.draws)],
    ...[score(before.f1), score(f1.mean), range(f1)],
    ...[score(before.ap50), score(ap50.mean), range(ap50)],
    minutes.mean.toFixed(1),
  ]);
  return [
    ...layOut([header, ...rows]),
    ...results.filter(({ isSameImages }) => isSameImages).map((each) =>
      `${each.source}: all ${each.images} images are in each draw, so draws ` +
      "differ by the seed alone"
    ),
  ];
}
