import * as tf from "@tensorflow/tfjs-core";
import { type LossTerm, sumPerImage } from "./loss_term.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";
import {
  checkClassWeights,
  logSoftmax,
  throughLogSoftmax,
  weighClasses,
} from "./softmax_parts.ts";

/** Where no pixel counts, the loss is 0. */
const nearlyNothing = 1e-12;

/** The cross entropy as a summand. */
export function crossEntropyTerm(options: ClassWeightOptions = {}): LossTerm {
  checkClassWeights(options);
  return {
    forward(logits, target) {
      const logarithms = logSoftmax(logits);
      const weights = weighClasses(target, options);
      const total = tf.maximum(tf.sum(sumPerImage(weights)), nearlyNothing);
      const sum = tf.sum(sumPerImage(tf.mul(weights, logarithms)));
      return {
        value: tf.neg<tf.Scalar>(tf.div(sum, total)),
        saved: [tf.exp(logarithms), weights, total],
      };
    },
    gradient(scale, saved) {
      const [shares, weights, total] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Scalar,
      ];
      const share = tf.div(tf.neg(scale), total);
      return throughLogSoftmax(tf.mul(weights, share), shares);
    },
  };
}
