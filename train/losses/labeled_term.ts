import * as tf from "@tensorflow/tfjs-core";
import type { LossTerm } from "./loss_term.ts";

/** A logit whose sigmoid is 0 for float32. */
const surelyNothing = -104;

/**
 * A summand over labeled elements alone: those whose target is below 0 add
 * nothing to its value, have no gradient, and are not among those that a mean
 * divides by.
 *
 * @param term A summand to which an element with a share of 0 and a target of
 * 0 adds nothing but its place in a mean.
 */
export function labeledTerm(term: LossTerm): LossTerm {
  return {
    ...term,
    forward(x, y, weights) {
      // A target is 0, 1 or −1.
      const isLabeled = tf.add<tf.Tensor4D>(tf.minimum(y, 0), 1);
      const hidden = tf.mul(tf.add(isLabeled, -1), -surelyNothing);
      const { value, saved } = term.forward(
        tf.add(tf.mul(x, isLabeled), hidden),
        tf.maximum(y, 0),
        weights,
      );
      const count = tf.maximum(tf.sum(isLabeled), 1);
      const growth = term.isMean
        ? tf.div<tf.Scalar>(x.size, count)
        : tf.scalar(1);
      return {
        value: tf.mul(value, growth),
        saved: [isLabeled, growth, ...saved],
      };
    },
    gradient(scale, saved) {
      const [isLabeled, growth, ...rest] = saved as [
        tf.Tensor4D,
        tf.Scalar,
        ...tf.Tensor[],
      ];
      const own = term.gradient(tf.mul(scale, growth), rest);
      return tf.mul(own, isLabeled);
    },
  };
}
