/**
 * Scores of the classes of objects. Runs in a browser.
 *
 * @module
 */
import type { Labels } from "@unet/data";
import { cannot } from "@unet/errors";
import { findOverlaps, type Overlaps } from "./overlaps.ts";

/** Instances of an image, each with a class. */
export interface ClassedInstances {
  /** Their numbers, `[H, W]`; 0 is background. */
  readonly labels: Labels;
  /** The class of the instance with a number; −1 where it is not known. */
  classOf(number: number): number;
}

/** The counts behind the scores of object classes. */
export interface ObjectClassCounts {
  /**
   * Matched pairs by true class, then by predicted class, without the
   * background.
   */
  readonly matched: readonly (readonly number[])[];
  /** True objects of each class. */
  readonly truth: readonly number[];
  /** Predicted objects of each class. */
  readonly predicted: readonly number[];
}

/**
 * Nothing counted; where a sum starts.
 *
 * @param classes How many there are, with the background.
 */
export function noObjectClasses(classes: number): ObjectClassCounts {
  const none = Array.from({ length: classes }, () => 0);
  return { matched: none.map(() => none), truth: none, predicted: none };
}

/**
 * Counts the classes of objects of an image. A predicted object is matched with
 * the true one of which it shares more than half by intersection over union, so
 * that each has one partner at most. A true object whose class is not known
 * counts nowhere, and neither does what is matched with it.
 *
 * @param truth The true objects.
 * @param prediction The predicted ones.
 * @param classes How many classes there are, with the background.
 * @returns The counts.
 * @throws {RangeError} If the images differ in size.
 *
 * @example
 * ```ts
 * import { countObjectClasses } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([1, 1, 0, 2]);
 * const labels = { width: 4, height: 1, data };
 * const { matched } = countObjectClasses(
 *   { labels, classOf: () => 1 },
 *   { labels, classOf: (number) => number },
 *   3,
 * );
 * assertEquals(matched[1], [0, 1, 1]);
 * ```
 */
export function countObjectClasses(
  truth: ClassedInstances,
  prediction: ClassedInstances,
  classes: number,
): ObjectClassCounts {
  const { trueNumbers, predictedNumbers, pairs } = overlapsOf(
    truth.labels,
    prediction.labels,
  );
  // An instance shares more than half with one other at most.
  const partners = new Map(
    pairs.filter(({ iou }) => iou > 0.5).map((pair) =>
      [predictedNumbers[pair.prediction]!, trueNumbers[pair.truth]!] as const
    ),
  );
  const matched = Array.from(
    { length: classes },
    () => Array.from({ length: classes }, () => 0),
  );
  const trueCounts = matched.map(() => 0);
  const predictedCounts = matched.map(() => 0);
  for (const number of trueNumbers) {
    const own = truth.classOf(number);
    if (own >= 0) trueCounts[own]!++;
  }
  for (const number of predictedNumbers) {
    const found = prediction.classOf(number), partner = partners.get(number);
    const own = partner === undefined ? undefined : truth.classOf(partner);
    if (own === -1) continue;
    predictedCounts[found]!++;
    if (own !== undefined) matched[own]![found]!++;
  }
  return { matched, truth: trueCounts, predicted: predictedCounts };
}

/** The sum of two counts. */
export function addObjectClasses(
  a: ObjectClassCounts,
  b: ObjectClassCounts,
): ObjectClassCounts {
  const add = (some: readonly number[], others: readonly number[]) =>
    some.map((own, at) => own + others[at]!);
  return {
    matched: a.matched.map((row, at) => add(row, b.matched[at]!)),
    truth: add(a.truth, b.truth),
    predicted: add(a.predicted, b.predicted),
  };
}

/** How well the objects of one class are found, as F1, precision and recall. */
export interface ObjectClassScore {
  /** Twice the right ones over the sum of both. */
  readonly f1: number;
  /** The share of predicted ones that are right. */
  readonly precision: number;
  /** The share of true ones that are found with their class. */
  readonly recall: number;
  /** True objects. */
  readonly objects: number;
  /** Predicted objects. */
  readonly found: number;
}

/**
 * Scores the classes of objects. An object is right if it is matched and has
 * the right class; without any object of a class, its scores are 1 if none is
 * predicted, else 0.
 *
 * @param counts The counts of all images.
 * @returns The share of matched objects with the right class, null without any;
 * and scores of each class but the background, in the classes' order.
 */
export function scoreObjectClasses(
  { matched, truth, predicted }: ObjectClassCounts,
): { accuracy: number | null; classes: ObjectClassScore[] } {
  const right = matched.reduce((sum, row, at) => sum + row[at]!, 0);
  const pairs = matched.flat().reduce((sum, own) => sum + own, 0);
  return {
    accuracy: pairs === 0 ? null : right / pairs,
    classes: matched.slice(1).map((row, before): ObjectClassScore => {
      const at = before + 1, own = row[at]!;
      const objects = truth[at]!, found = predicted[at]!;
      const isNone = objects + found === 0;
      const ratio = (part: number, all: number) =>
        isNone ? 1 : all === 0 ? 0 : part / all;
      return {
        f1: ratio(2 * own, objects + found),
        precision: ratio(own, found),
        recall: ratio(own, objects),
        ...{ objects, found },
      };
    }),
  };
}

/** The overlaps of instances of one image. */
function overlapsOf(truth: Labels, prediction: Labels): Overlaps {
  if (truth.data.length === prediction.data.length) {
    return findOverlaps(truth, prediction);
  }
  throw new RangeError(
    cannot("compare", "classes of", "instances", {
      found: `${prediction.data.length} pixels`,
      expected: `${truth.data.length}, as in the truth`,
    }),
  );
}
