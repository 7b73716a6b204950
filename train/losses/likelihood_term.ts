import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";
import { type LossTerm, sumPerImage } from "./loss_term.ts";

/** The logarithm of the softmax over channels, exact for large logits. */
function logSoftmax(logits: tf.Tensor4D): tf.Tensor4D {
  const shifted = tf.sub<tf.Tensor4D>(logits, tf.max(logits, 3, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 3, true)));
}

/**
 * Ground truth times the weights of its classes.
 *
 * @param target Which class each pixel has, `[N, H, W, C]`.
 * @param options The weights.
 * @throws {RangeError} If there is not one weight per class.
 */
function weighClasses(
  target: tf.Tensor4D,
  { classWeights }: ClassWeightOptions,
): tf.Tensor4D {
  if (classWeights === undefined) return target;
  checkSetting(
    ["loss of classes", "number of weights", classWeights.length],
    classWeights.length === target.shape[3],
    `one per class, ${target.shape[3]}`,
  );
  return tf.mul(target, tf.tensor1d([...classWeights]));
}

/** Checks weights before anything is computed. */
function checkClassWeights({ classWeights }: ClassWeightOptions): void {
  for (const weight of classWeights ?? []) {
    checkSetting(
      ["loss of classes", "weight", weight],
      weight >= 0 && weight < Infinity,
      "a number from 0",
    );
  }
}

/** Where no pixel counts, the loss is 0. */
const nearlyNothing = 1e-12;

/** What a pixel adds to a sum over the logarithms of its class's share. */
export interface LikelihoodParts {
  /** The value of each channel. */
  readonly values: tf.Tensor4D;
  /** The derivative of each by its logarithm; 1 if not given. */
  readonly slopes?: tf.Tensor4D;
}

/**
 * `−Σ w f(log p) / Σ w` as a summand, the sums over the pixels that have a
 * class.
 *
 * @param options The weights of classes.
 * @param partsOf The function f, of the softmax and its logarithms.
 */
export function likelihoodTerm(
  options: ClassWeightOptions,
  partsOf: (logarithms: tf.Tensor4D, shares: tf.Tensor4D) => LikelihoodParts,
): LossTerm {
  checkClassWeights(options);
  return {
    forward(logits, target) {
      const logarithms = logSoftmax(logits), shares = tf.exp(logarithms);
      const weights = weighClasses(target, options);
      const { values, slopes } = partsOf(logarithms, shares);
      const total = tf.maximum(tf.sum(sumPerImage(weights)), nearlyNothing);
      const sum = tf.sum(sumPerImage(tf.mul(weights, values)));
      return {
        value: tf.neg<tf.Scalar>(tf.div(sum, total)),
        saved: [shares, slopes ? tf.mul(weights, slopes) : weights, total],
      };
    },
    gradient(scale, saved) {
      const [shares, slopes, total] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Scalar,
      ];
      const share = tf.div(tf.neg(scale), total);
      return throughLogSoftmax(tf.mul(slopes, share), shares);
    },
  };
}

/**
 * The gradient by logits of a function of the softmax's logarithms.
 *
 * @param slopes The derivative by each logarithm.
 * @param shares The softmax.
 */
function throughLogSoftmax(
  slopes: tf.Tensor4D,
  shares: tf.Tensor4D,
): tf.Tensor4D {
  return tf.sub(slopes, tf.mul(shares, tf.sum(slopes, 3, true)));
}
