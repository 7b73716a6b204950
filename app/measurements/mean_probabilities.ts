import type { Labels, Rectangle } from "@unet/data";
import { unlabeled } from "@unet/data";
import type { ReadablePrediction } from "../predictions/kept_prediction.ts";

/** Values that are read at once. */
const atOnce = 2 ** 22;

/** Of which objects probabilities are wanted. */
export interface ProbabilityChoice {
  /**
   * What is above it counts, as in the objects that a network found: filled
   * holes do not. Null where each pixel of an object counts.
   */
  readonly threshold: number | null;
  /** The objects, and a rectangle that holds each. */
  readonly boxes: ReadonlyMap<number, Rectangle>;
}

/**
 * The mean probability of objects' pixels, of what a network predicted.
 *
 * @param kept The prediction; its head `object` counts.
 * @param labels The objects.
 * @param choice Which of them.
 * @returns The mean of each object, 0…1.
 * @throws {FileError} If the prediction cannot be read.
 */
export async function meanProbabilities(
  kept: ReadablePrediction,
  { width, data }: Labels,
  { threshold, boxes }: ProbabilityChoice,
): Promise<Map<number, number>> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const label of boxes.keys()) sums.set(label, { sum: 0, count: 0 });
  let top = Infinity, bottom = 0;
  for (const { y, height } of boxes.values()) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + height);
  }
  const rows = Math.max(1, Math.floor(atOnce / width));
  for (let y = top; y < bottom; y += rows) {
    const part = { x: 0, y, width, height: Math.min(rows, bottom - y) };
    const values = await kept.read("object", part);
    let last = 0, own = sums.get(last);
    for (let at = 0, from = y * width; at < values.length; at++, from++) {
      const label = data[from]!;
      if (label === 0 || label === unlabeled) continue;
      if (label !== last) {
        last = label;
        own = sums.get(label);
      }
      if (!own || threshold !== null && !(values[at]! > threshold)) continue;
      own.sum += values[at]!;
      own.count++;
    }
  }
  return new Map(
    [...sums].map(([label, { sum, count }]) => [
      label,
      count === 0 ? 0 : Math.min(1, sum / count),
    ]),
  );
}
