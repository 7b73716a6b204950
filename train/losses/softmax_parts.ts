import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";

/** The logarithm of the softmax over channels, exact for large logits. */
export function logSoftmax(logits: tf.Tensor4D): tf.Tensor4D {
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
export function weighClasses(
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
export function checkClassWeights({ classWeights }: ClassWeightOptions): void {
  for (const weight of classWeights ?? []) {
    checkSetting(
      ["loss of classes", "weight", weight],
      weight >= 0 && weight < Infinity,
      "a number from 0",
    );
  }
}

/**
 * The gradient by logits of a function of the softmax's logarithms.
 *
 * @param slopes The derivative by each logarithm.
 * @param shares The softmax.
 */
export function throughLogSoftmax(
  slopes: tf.Tensor4D,
  shares: tf.Tensor4D,
): tf.Tensor4D {
  return tf.sub(slopes, tf.mul(shares, tf.sum(slopes, 3, true)));
}
