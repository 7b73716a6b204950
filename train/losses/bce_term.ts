import * as tf from "@tensorflow/tfjs-core";
import { type LossTerm, sumPerImage } from "./loss_term.ts";

/** The binary cross entropy of each element, of the same shape. */
export function bceElements(x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  // max(x, 0) − x·y + log(1 + exp(−|x|)), whose last term is −log σ(|x|):
  // σ(|x|) lies in ½…1, so that nothing overflows, and tfjs' wasm backend
  // computes it sooner than softplus or log1p.
  const outside = tf.sub(tf.relu(x), tf.mul(x, y));
  return tf.sub(outside, tf.log(tf.sigmoid(tf.abs(x))));
}

/** Binary cross entropy with logits. */
export const bceTerm: LossTerm = {
  isMean: true,
  forward(x, y) {
    const sum = tf.sum(sumPerImage(bceElements(x, y)));
    return { value: tf.mul(sum, 1 / x.size), saved: [x, y] };
  },
  gradient(scale, saved) {
    const [x, y] = saved as [tf.Tensor4D, tf.Tensor4D];
    return tf.mul(tf.sub(tf.sigmoid(x), y), tf.mul(scale, 1 / x.size));
  },
};
