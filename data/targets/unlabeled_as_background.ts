import type { Labels } from "../types.ts";
import { unlabeled } from "./class_target.ts";

/**
 * Instances in which what is not labeled counts as background.
 *
 * @param labels The instances; stay as they are.
 * @returns The same where all is labeled.
 */
export function unlabeledAsBackground(labels: Labels): Labels {
  if (!labels.data.includes(unlabeled)) return labels;
  const data = labels.data.map((own) => own === unlabeled ? 0 : own);
  return { ...labels, data };
}

/**
 * Ground truth of one channel with −1 where nothing is labeled.
 *
 * @param truth The ground truth; stays as it is.
 * @param labels The instances.
 * @returns The same where all is labeled.
 */
export function withoutUnlabeled(
  truth: Uint8Array,
  { data }: Labels,
): Uint8Array | Float32Array {
  if (!data.includes(unlabeled)) return truth;
  return Float32Array.from(
    truth,
    (own, at) => data[at] === unlabeled ? -1 : own,
  );
}
