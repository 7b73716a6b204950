import { cannot } from "@unet/errors";

/** How the pixels of predictions and targets agree. */
export interface PixelCounts {
  /** Object pixels predicted as object. */
  readonly truePositive: number;
  /** Background pixels predicted as object. */
  readonly falsePositive: number;
  /** Object pixels predicted as background. */
  readonly falseNegative: number;
  /** Background pixels predicted as background. */
  readonly trueNegative: number;
}

/** No pixels at all; where a sum starts. */
export const noPixels: PixelCounts = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  trueNegative: 0,
};

/**
 * Counts how predicted pixels agree with their targets.
 *
 * @param prediction Probabilities, or logits with threshold 0, which is the
 * same as probabilities with threshold 0.5. A NaN counts as background.
 * @param target Masks of the same length; above 0.5 is object, below 0 is not
 * labeled and not counted.
 * @param threshold What a prediction must exceed to be an object; 0.5 by
 * default.
 * @returns The counts.
 * @throws {RangeError} If the lengths differ.
 *
 * @example
 * ```ts
 * import { countPixels } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const logits = new Float32Array([3, 1, -2, -4]);
 * const target = new Float32Array([1, 0, 1, 0]);
 * assertEquals(countPixels(logits, target, 0), {
 *   truePositive: 1,
 *   falsePositive: 1,
 *   falseNegative: 1,
 *   trueNegative: 1,
 * });
 * ```
 */
export function countPixels(
  prediction: ArrayLike<number>,
  target: ArrayLike<number>,
  threshold = 0.5,
): PixelCounts {
  const pixels = target.length;
  if (prediction.length !== pixels) {
    throw new RangeError(
      cannot("count", "pixels of", "prediction", {
        found: `${prediction.length} of them`,
        expected: `${pixels}, as in the target`,
      }),
    );
  }
  let predicted = 0, actual = 0, both = 0, unlabeled = 0;
  for (let i = 0; i < pixels; i++) {
    if (target[i]! < 0) {
      unlabeled++;
      continue;
    }
    const isPredicted = prediction[i]! > threshold ? 1 : 0;
    const isActual = target[i]! > 0.5 ? 1 : 0;
    predicted += isPredicted;
    actual += isActual;
    both += isPredicted & isActual;
  }
  return {
    truePositive: both,
    falsePositive: predicted - both,
    falseNegative: actual - both,
    trueNegative: pixels - unlabeled - predicted - actual + both,
  };
}

/** The sum of two counts. */
export function addPixels(a: PixelCounts, b: PixelCounts): PixelCounts {
  return {
    truePositive: a.truePositive + b.truePositive,
    falsePositive: a.falsePositive + b.falsePositive,
    falseNegative: a.falseNegative + b.falseNegative,
    trueNegative: a.trueNegative + b.trueNegative,
  };
}

/**
 * F1, the Dice coefficient of the masks: twice the overlap over the sum of
 * both. Equals scikit-learn's `f1_score`.
 *
 * @param counts The counts.
 * @param zeroDivision The score of two empty masks: 1 by default, because
 * there was nothing to find and nothing was found. scikit-learn gives 0 and a
 * warning, unless its own `zero_division` says otherwise.
 * @returns The score, between 0 and 1.
 *
 * @example
 * ```ts
 * import { f1, noPixels } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(f1({ ...noPixels, truePositive: 2, falsePositive: 2 }), 2 / 3);
 * assertEquals(f1(noPixels), 1);
 * ```
 */
export function f1(counts: PixelCounts, zeroDivision?: number): number {
  const { truePositive, falsePositive, falseNegative } = counts;
  const sum = 2 * truePositive + falsePositive + falseNegative;
  return ratio(2 * truePositive, sum, counts, zeroDivision);
}

/**
 * Intersection over union, the Jaccard index of the masks. Equals
 * scikit-learn's `jaccard_score`.
 *
 * @param counts The counts.
 * @param zeroDivision The score of two empty masks: 1 by default, 0 in
 * scikit-learn.
 * @returns The score, between 0 and 1.
 *
 * @example
 * ```ts
 * import { iou, noPixels } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(iou({ ...noPixels, truePositive: 2, falsePositive: 2 }), 0.5);
 * ```
 */
export function iou(counts: PixelCounts, zeroDivision?: number): number {
  const { truePositive, falsePositive, falseNegative } = counts;
  const union = truePositive + falsePositive + falseNegative;
  return ratio(truePositive, union, counts, zeroDivision);
}

/**
 * The share of the predicted object pixels that are object pixels. Equals
 * scikit-learn's `precision_score`.
 *
 * @param counts The counts.
 * @param zeroDivision The score where no object is predicted: by default 1 if
 * there is none, and 0, as in scikit-learn, if there are some.
 * @returns The score, between 0 and 1.
 *
 * @example
 * ```ts
 * import { noPixels, precision } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { ...noPixels, truePositive: 3, falsePositive: 1 };
 * assertEquals(precision(counts), 0.75);
 * ```
 */
export function precision(counts: PixelCounts, zeroDivision?: number): number {
  const { truePositive, falsePositive } = counts;
  return ratio(
    truePositive,
    truePositive + falsePositive,
    counts,
    zeroDivision,
  );
}

/**
 * The share of the object pixels that are predicted as such. Equals
 * scikit-learn's `recall_score`.
 *
 * @param counts The counts.
 * @param zeroDivision The score where there is no object: by default 1 if none
 * is predicted, and 0, as in scikit-learn, if some are.
 * @returns The score, between 0 and 1.
 *
 * @example
 * ```ts
 * import { noPixels, recall } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { ...noPixels, truePositive: 3, falseNegative: 1 };
 * assertEquals(recall(counts), 0.75);
 * ```
 */
export function recall(counts: PixelCounts, zeroDivision?: number): number {
  const { truePositive, falseNegative } = counts;
  return ratio(
    truePositive,
    truePositive + falseNegative,
    counts,
    zeroDivision,
  );
}

function ratio(
  part: number,
  whole: number,
  { truePositive, falsePositive, falseNegative }: PixelCounts,
  zeroDivision: number | undefined,
): number {
  if (whole > 0) return part / whole;
  const bothEmpty = truePositive + falsePositive + falseNegative === 0;
  return zeroDivision ?? (bothEmpty ? 1 : 0);
}
