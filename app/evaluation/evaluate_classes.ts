import {
  findModality,
  type Labels,
  type Modality,
  unlabeled,
} from "@unet/data";
import { segmentImage, toClassMap } from "@unet/infer";
import { f1, iou, type PixelCounts, precision, recall } from "@unet/train";
import type { EvaluateOptions } from "./evaluate_model.ts";
import { isLabeled, readOrReport } from "./scored_sample.ts";
import type { ScoredImage } from "./scored_image.ts";
import { type ByPart, SumsByPart } from "./sums_by_part.ts";

/** How well a network finds one class, each between 0 and 1. */
export interface ClassScore {
  /** Twice the overlap over the sum of both, which is Dice. */
  readonly f1: number;
  /** The overlap over the union. */
  readonly iou: number;
  /** The share of the prediction that is right. */
  readonly precision: number;
  /** The share of the truth that is found. */
  readonly recall: number;
}

/** How well a network of classes does on a set of images. */
export interface ClassPartScores {
  /** Images that were scored. */
  readonly images: number;
  /** The means over classes but the background (macro-averaged). */
  readonly mean: ClassScore;
  /** The share of the labeled pixels that have the right class. */
  readonly accuracy: number;
  /** The mean of the images' own mean F1. */
  readonly perImage: { readonly f1: number };
  /** By name, the background first. */
  readonly classes: Readonly<Record<string, ClassScore>>;
  /** Pixels by true class, then by predicted class, in the classes' order. */
  readonly confusion: readonly (readonly number[])[];
}

/** How well a network of classes does on data sets, and on parts of them. */
export interface ClassModelScores
  extends ClassPartScores, ByPart<ClassPartScores> {}

/** How well a network of classes does on an image. */
export interface ClassImageScores {
  /** What the dataset calls it. */
  readonly id: string;
  /** How it was taken. */
  readonly modality: Modality;
  /**
   * The mean F1 of classes but the background, of those that the truth or the
   * prediction has; 1 without any.
   */
  readonly f1: number;
  /** The F1 of each class by name. */
  readonly classes: Readonly<Record<string, number>>;
}

/** Options of {@linkcode evaluateClasses}. */
export interface EvaluateClassesOptions extends
  Pick<
    EvaluateOptions,
    | "predict"
    | "cases"
    | "sourceOf"
    | "window"
    | "signal"
    | "onImage"
    | "choice"
    | "masks"
    | "onFault"
    | "onUnlabeled"
    | "onWarning"
  > {
  /** The head of classes. */
  readonly head: string;
  /** The names of its classes, the background first. */
  readonly classes: readonly string[];
  /** Given each image after it was scored. */
  readonly onScored?: (image: ScoredImage<ClassImageScores>) => void;
}

/** Pixels by true and by predicted class, and what images scored. */
interface Sums {
  readonly images: number;
  readonly f1Sum: number;
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Scores a network of classes on whole images, as it would segment them.
 * Pixels without a class in the ground truth are left out.
 *
 * @param options The network and the cases.
 * @returns Scores over the cases that could be read and have labels.
 */
export async function evaluateClasses(
  options: EvaluateClassesOptions,
): Promise<ClassModelScores> {
  const { predict, cases, signal, head, classes } = options;
  const none: Sums = {
    images: 0,
    f1Sum: 0,
    confusion: classes.map(() => classes.map(() => 0)),
  };
  const all = new SumsByPart(none, add);
  for (const [index, each] of cases.entries()) {
    options.onImage(index, cases.length);
    const sample = await readOrReport(each, options);
    if (sample === null || !isLabeled(sample, options)) continue;
    const { image, labels } = sample;
    const segmentation = await segmentImage(image, predict, {
      ...(signal && { signal }),
      ...options.window,
    });
    const { width, height, data } = toClassMap(segmentation, head);
    const prediction = { width, height, data: Uint32Array.from(data) };
    const confusion = confusionOf(labels, prediction, classes.length);
    const modality = findModality(image);
    const own = scoresOf(each.id, modality, { classes, confusion });
    const sums: Sums = { images: 1, f1Sum: own.f1, confusion };
    all.add(sums, { modality, source: options.sourceOf?.(each.id) });
    options.onScored?.({ scores: own, sample, prediction });
  }
  return all.summarize((sums) => summarize(sums, classes));
}

function confusionOf(
  truth: Labels,
  prediction: Labels,
  classes: number,
): number[][] {
  const pixels = Array.from(
    { length: classes },
    () => Array.from({ length: classes }, () => 0),
  );
  for (let at = 0; at < truth.data.length; at++) {
    const own = truth.data[at]!;
    if (own !== unlabeled) pixels[own]![prediction.data[at]!]!++;
  }
  return pixels;
}

function add(a: Sums, b: Sums): Sums {
  return {
    images: a.images + b.images,
    f1Sum: a.f1Sum + b.f1Sum,
    confusion: a.confusion.map((row, own) =>
      row.map((pixels, other) => pixels + b.confusion[own]![other]!)
    ),
  };
}

function summarize(
  { images, f1Sum, confusion }: Sums,
  names: readonly string[],
): ClassPartScores {
  const scores = names.map((_, own) => scoreOf(countsOf(confusion, own)));
  const mean = (name: keyof ClassScore): number => meanOf(scores, name);
  const right = confusion.reduce((sum, row, own) => sum + row[own]!, 0);
  const pixels = confusion.flat().reduce((sum, one) => sum + one, 0);
  return {
    images,
    mean: {
      ...{ f1: mean("f1"), iou: mean("iou") },
      ...{ precision: mean("precision"), recall: mean("recall") },
    },
    accuracy: pixels === 0 ? 0 : right / pixels,
    perImage: { f1: images === 0 ? 0 : f1Sum / images },
    classes: Object.fromEntries(names.map((name, at) => [name, scores[at]!])),
    confusion,
  };
}

function scoresOf(
  id: string,
  modality: Modality,
  { classes, confusion }: {
    readonly classes: readonly string[];
    readonly confusion: readonly (readonly number[])[];
  },
): ClassImageScores {
  const scores = classes.map((_, own) => scoreOf(countsOf(confusion, own)));
  // What neither the truth nor the prediction has says nothing of an image.
  const occurring = scores.filter((_, own) =>
    own === 0 ||
    confusion.some((row, at) =>
      row[own]! > 0 || at === own && row.some((pixels) => pixels > 0)
    )
  );
  return {
    ...{ id, modality, f1: meanOf(occurring, "f1") },
    classes: Object.fromEntries(
      classes.map((name, at) => [name, scores[at]!.f1]),
    ),
  };
}

function meanOf(scores: readonly ClassScore[], name: keyof ClassScore): number {
  const [, ...rest] = scores;
  if (rest.length === 0) return 1;
  return rest.reduce((sum, one) => sum + one[name], 0) / rest.length;
}

function scoreOf(counts: PixelCounts): ClassScore {
  return {
    ...{ f1: f1(counts), iou: iou(counts) },
    ...{ precision: precision(counts), recall: recall(counts) },
  };
}

/** One class against all others. */
function countsOf(
  confusion: readonly (readonly number[])[],
  own: number,
): PixelCounts {
  const sum = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b, 0);
  const truePositive = confusion[own]![own]!;
  const falseNegative = sum(confusion[own]!) - truePositive;
  const falsePositive = sum(confusion.map((row) => row[own]!)) - truePositive;
  const all = sum(confusion.map(sum));
  return {
    ...{ truePositive, falsePositive, falseNegative },
    trueNegative: all - truePositive - falsePositive - falseNegative,
  };
}
