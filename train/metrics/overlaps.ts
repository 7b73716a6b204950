import type { Labels } from "@unet/data";
import { cannot } from "@unet/errors";

/** Which instances of two label images overlap, and by how much. */
export interface Overlaps {
  /** The numbers of the true instances, in the order of their areas. */
  readonly trueNumbers: readonly number[];
  /** The numbers of the predicted instances, in the order of their areas. */
  readonly predictedNumbers: readonly number[];
  /** The pixels of each true instance. */
  readonly trueAreas: readonly number[];
  /** The pixels of each predicted instance. */
  readonly predictedAreas: readonly number[];
  /** Pairs that share pixels, in the order of their first one. */
  readonly pairs: readonly OverlapPair[];
}

/** Two instances that overlap. */
export interface OverlapPair {
  /** Which of the true areas. */
  readonly truth: number;
  /** Which of the predicted areas. */
  readonly prediction: number;
  /** Pixels of both. */
  readonly pixels: number;
  /** Those over the pixels of either. */
  readonly iou: number;
}

/** Counts the pixels of instances and of their overlaps. */
export function findOverlaps(truth: Labels, prediction: Labels): Overlaps {
  checkSize(truth, truth);
  checkSize(prediction, truth);
  const trueIndex = new Map<number, number>();
  const predictedIndex = new Map<number, number>();
  const trueAreas: number[] = [], predictedAreas: number[] = [];
  const shared = new Map<number, number>();
  const count = (
    label: number,
    index: Map<number, number>,
    areas: number[],
  ) => {
    let at = index.get(label);
    if (at === undefined) {
      at = areas.length;
      index.set(label, at);
      areas.push(0);
    }
    areas[at]!++;
    return at;
  };
  for (let pixel = 0; pixel < truth.data.length; pixel++) {
    const label = truth.data[pixel]!, other = prediction.data[pixel]!;
    const at = label && count(label, trueIndex, trueAreas);
    const otherAt = other && count(other, predictedIndex, predictedAreas);
    if (label === 0 || other === 0) continue;
    const key = at * 2 ** 26 + otherAt;
    shared.set(key, (shared.get(key) ?? 0) + 1);
  }
  const pairs = [...shared].map(([key, pixels]) => {
    const prediction = key % 2 ** 26, truth = (key - prediction) / 2 ** 26;
    const all = trueAreas[truth]! + predictedAreas[prediction]! - pixels;
    return { truth, prediction, pixels, iou: pixels / all };
  });
  return {
    trueNumbers: [...trueIndex.keys()],
    predictedNumbers: [...predictedIndex.keys()],
    ...{ trueAreas, predictedAreas, pairs },
  };
}

function checkSize(labels: Labels, expected: Labels): void {
  const { width, height } = expected;
  if (
    labels.width === width && labels.height === height &&
    labels.data.length === width * height
  ) return;
  const size = `${labels.width}×${labels.height}`;
  throw new RangeError(
    cannot("match", "instances of size", size, {
      found: `${labels.data.length} pixels`,
      expected: `${width}×${height}, a label each`,
    }),
  );
}
