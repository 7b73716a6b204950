import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import { type LossTerm, sumPerImage } from "./loss_term.ts";

/** The weights of the elements of a binary cross entropy. */
export interface BceTermOptions {
  /** What an element with target 1 counts, where one with 0 counts 1; 1. */
  readonly positiveWeight?: number;
  /** Whether each element counts by the batch's weights; not by default. */
  readonly isWeighted?: boolean;
}

/** Binary cross entropy with logits, a mean over all elements. */
export function bceTerm(
  { positiveWeight = 1, isWeighted = false }: BceTermOptions = {},
): LossTerm {
  const weigh = (
    elements: tf.Tensor4D,
    y: tf.Tensor4D,
    weights?: tf.Tensor4D,
  ): tf.Tensor4D => {
    const own = weights ? tf.mul<tf.Tensor4D>(elements, weights) : elements;
    if (positiveWeight === 1) return own;
    return tf.mul(own, tf.add(tf.mul(y, positiveWeight - 1), 1));
  };
  return {
    isMean: true,
    forward(x, y, weights) {
      const own = isWeighted ? requireWeights(weights) : undefined;
      const sum = tf.sum(sumPerImage(weigh(bceElements(x, y), y, own)));
      return {
        value: tf.mul(sum, 1 / x.size),
        saved: [x, y, ...own ? [own] : []],
      };
    },
    gradient(scale, saved) {
      const [x, y, own] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D?];
      const slope = weigh(tf.sub(tf.sigmoid(x), y), y, own);
      return tf.mul(slope, tf.mul(scale, 1 / x.size));
    },
  };
}

/** The binary cross entropy of each element, of the same shape. */
function bceElements(x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  // max(x, 0) − x·y + log(1 + exp(−|x|)), whose last term is −log σ(|x|):
  // σ(|x|) lies in ½…1, so that nothing overflows, and tfjs' wasm backend
  // computes it sooner than softplus or log1p.
  const outside = tf.sub(tf.relu(x), tf.mul(x, y));
  return tf.sub(outside, tf.log(tf.sigmoid(tf.abs(x))));
}

/** The batch's weights, or an error if it has none. */
export function requireWeights(
  weights: tf.Tensor4D | undefined,
): tf.Tensor4D {
  if (weights) return weights;
  throw new TypeError(
    cannot("use", "loss", "weighted-bce", {
      found: "a batch without weights",
      expected: "a weight for each pixel",
      remedy: "give createLoader() the option borderWeights",
    }),
  );
}
