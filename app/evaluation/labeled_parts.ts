import { type Labels, unlabeled, unlabeledAsBackground } from "@unet/data";

/** From this share of labeled pixels on, the instances of an image are scored. */
const mostlyLabeled = 0.5;

/** The pixels of an image that are labeled. */
export interface LabeledPixels {
  /** The probability of each. */
  readonly probability: Float32Array;
  /** 1 on objects, 0 elsewhere. */
  readonly target: Uint8Array;
}

/**
 * Keeps the pixels that are labeled.
 *
 * @param probability Of each pixel.
 * @param labels The truth.
 */
export function labeledPixels(
  probability: Float32Array,
  { data }: Labels,
): LabeledPixels {
  const isLabeled = (_: unknown, at: number) => data[at] !== unlabeled;
  const known = data.filter(isLabeled);
  return {
    probability: known.length === data.length
      ? probability
      : probability.filter(isLabeled),
    target: Uint8Array.from(known, (own) => own > 0 ? 1 : 0),
  };
}

/**
 * The instances of an image that can be compared: as in COCO, a predicted one
 * of which more than half is not labeled is left out.
 *
 * @param truth The true instances.
 * @param prediction The predicted ones.
 * @returns Both, or null where less than half of the pixels are labeled.
 */
export function labeledInstances(
  truth: Labels,
  prediction: Labels,
): { truth: Labels; prediction: Labels } | null {
  if (!truth.data.includes(unlabeled)) return { truth, prediction };
  const sizes = new Map<number, { pixels: number; hidden: number }>();
  let labeled = 0;
  for (const [at, own] of prediction.data.entries()) {
    const isHidden = truth.data[at] === unlabeled;
    if (!isHidden) labeled++;
    if (own === 0) continue;
    const known = sizes.get(own) ?? { pixels: 0, hidden: 0 };
    sizes.set(own, known);
    known.pixels++;
    if (isHidden) known.hidden++;
  }
  if (labeled < mostlyLabeled * truth.data.length) return null;
  const data = prediction.data.map((own, at) => {
    const size = sizes.get(own);
    const isLeftOut = !size || 2 * size.hidden > size.pixels;
    return isLeftOut || truth.data[at] === unlabeled ? 0 : own;
  });
  return {
    truth: unlabeledAsBackground(truth),
    prediction: { ...prediction, data },
  };
}
