/**
 * Why instances of truth and prediction do not match. Runs in a browser.
 *
 * @module
 */
import type { Labels } from "@unet/data";
import { assignPairs } from "./assign_pairs.ts";
import { findOverlaps, type Overlaps } from "./overlaps.ts";

/** Instances without a match, by the kind of error. */
export interface InstanceErrors {
  /** True instances that no prediction matches. */
  readonly truth: {
    /** More than half of it is in a prediction that joins it with another. */
    readonly joined: number;
    /** Several predictions lie mostly in it. */
    readonly cut: number;
    /** Less than half of it is covered by predictions. */
    readonly missed: number;
    /** It is covered, but the outline differs too much. */
    readonly outline: number;
  };
  /** Predicted instances that match no true one. */
  readonly prediction: {
    /** It holds more than half of each of several true instances. */
    readonly joined: number;
    /** It is one of several pieces of a true instance. */
    readonly cut: number;
    /** Less than half of it is covered by true instances. */
    readonly false: number;
    /** It lies on true instances, but the outline differs too much. */
    readonly outline: number;
  };
}

/** No errors; where a sum starts. */
export const noInstanceErrors: InstanceErrors = {
  truth: { joined: 0, cut: 0, missed: 0, outline: 0 },
  prediction: { joined: 0, cut: 0, false: 0, outline: 0 },
};

/**
 * Sorts the instances that `matchInstances()` leaves without a match by the
 * kind of error. Each has one kind, the first that applies, in the order of
 * {@linkcode InstanceErrors}.
 *
 * @param truth The true instances.
 * @param prediction The predicted ones, on an image of the same size.
 * @param threshold The intersection over union that a match has, above 0 and at
 * most 1; 0.5.
 * @returns How many instances of each kind have no match.
 * @throws {RangeError} If the sizes differ, or are not the data's, or the
 * threshold is not in its range.
 *
 * @example
 * ```ts
 * import { findInstanceErrors } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = (...data: number[]) => ({
 *   width: data.length,
 *   height: 1,
 *   data: Uint32Array.from(data),
 * });
 * const truth = labels(1, 1, 1, 2, 2, 2, 0, 3, 3);
 * const prediction = labels(1, 1, 1, 1, 1, 1, 0, 0, 0);
 * const errors = findInstanceErrors(truth, prediction, 0.6);
 * assertEquals(errors.truth, { joined: 2, cut: 0, missed: 1, outline: 0 });
 * assertEquals(errors.prediction.joined, 1);
 * ```
 */
export function findInstanceErrors(
  truth: Labels,
  prediction: Labels,
  threshold = 0.5,
): InstanceErrors {
  if (!(threshold > 0 && threshold <= 1)) {
    throw new RangeError(
      `Cannot compare instances: found threshold ${threshold}, expected a number above 0 and at most 1`,
    );
  }
  const overlaps = findOverlaps(truth, prediction);
  const matches = assignPairs(overlaps, threshold);
  const { trueParts, predictedParts } = partsOf(overlaps);
  for (const { truth, prediction } of matches) {
    trueParts[truth]!.isMatched = predictedParts[prediction]!.isMatched = true;
  }
  const lost = trueParts.filter(({ isMatched }) => !isMatched).map(kindOf);
  const extra = predictedParts.filter(({ isMatched }) => !isMatched)
    .map(kindOf);
  const countOf = (kinds: readonly ErrorKind[], kind: ErrorKind): number =>
    kinds.filter((one) => one === kind).length;
  return {
    truth: {
      joined: countOf(lost, "joined"),
      cut: countOf(lost, "cut"),
      missed: countOf(lost, "alone"),
      outline: countOf(lost, "outline"),
    },
    prediction: {
      joined: countOf(extra, "joined"),
      cut: countOf(extra, "cut"),
      false: countOf(extra, "alone"),
      outline: countOf(extra, "outline"),
    },
  };
}

/**
 * The sum of two, as over the images of a set.
 *
 * @param a The one.
 * @param b The other.
 * @returns Their sum.
 *
 * @example
 * ```ts
 * import { addInstanceErrors, noInstanceErrors } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const { truth, prediction } = noInstanceErrors;
 * const image = { truth: { ...truth, missed: 2 }, prediction };
 * assertEquals(addInstanceErrors(image, image).truth.missed, 4);
 * ```
 */
export function addInstanceErrors(
  a: InstanceErrors,
  b: InstanceErrors,
): InstanceErrors {
  return {
    truth: {
      joined: a.truth.joined + b.truth.joined,
      cut: a.truth.cut + b.truth.cut,
      missed: a.truth.missed + b.truth.missed,
      outline: a.truth.outline + b.truth.outline,
    },
    prediction: {
      joined: a.prediction.joined + b.prediction.joined,
      cut: a.prediction.cut + b.prediction.cut,
      false: a.prediction.false + b.prediction.false,
      outline: a.prediction.outline + b.prediction.outline,
    },
  };
}

type ErrorKind = "joined" | "cut" | "alone" | "outline";

/** What decides the kind of error of an instance. */
interface Part {
  isMatched: boolean;
  isJoined: boolean;
  isCut: boolean;
  area: number;
  /** The pixels that instances of the other side cover. */
  covered: number;
  /** Instances of the other side of which more than half lies in it. */
  holds: number;
}

function kindOf({ isJoined, isCut, covered, area }: Part): ErrorKind {
  if (isJoined) return "joined";
  if (isCut) return "cut";
  return 2 * covered < area ? "alone" : "outline";
}

function partsOf({ trueAreas, predictedAreas, pairs }: Overlaps): {
  readonly trueParts: readonly Part[];
  readonly predictedParts: readonly Part[];
} {
  const trueParts = trueAreas.map(partOf);
  const predictedParts = predictedAreas.map(partOf);
  const ofPairs = pairs.map(({ truth, prediction, pixels }) => {
    const own = trueParts[truth]!, other = predictedParts[prediction]!;
    const isHeld = 2 * pixels > own.area, isPiece = 2 * pixels > other.area;
    own.covered += pixels;
    other.covered += pixels;
    if (isHeld) other.holds++;
    if (isPiece) own.holds++;
    return { own, other, isHeld, isPiece };
  });
  for (const { own, other, isHeld, isPiece } of ofPairs) {
    if (isHeld && other.holds > 1) own.isJoined = other.isJoined = true;
    if (isPiece && own.holds > 1) own.isCut = other.isCut = true;
  }
  return { trueParts, predictedParts };
}

function partOf(area: number): Part {
  return {
    ...{ isMatched: false, isJoined: false, isCut: false },
    ...{ area, covered: 0, holds: 0 },
  };
}
