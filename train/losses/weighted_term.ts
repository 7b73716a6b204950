import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import { bceElements } from "./bce_term.ts";
import { type LossTerm, sumPerImage } from "./loss_term.ts";

/** Binary cross entropy with a weight per pixel. */
export const weightedTerm: LossTerm = {
  isMean: true,
  forward(x, y, weights) {
    if (weights === undefined) {
      throw new TypeError(
        cannot("use", "loss", "weighted-bce", {
          found: "a batch without weights",
          expected: "a weight for each pixel",
          remedy: "give createLoader() the option borderWeights",
        }),
      );
    }
    const sum = tf.sum(sumPerImage(tf.mul(bceElements(x, y), weights)));
    return { value: tf.mul(sum, 1 / x.size), saved: [x, y, weights] };
  },
  gradient(scale, saved) {
    const [x, y, weights] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const slope = tf.mul(tf.sub(tf.sigmoid(x), y), weights);
    return tf.mul(slope, tf.mul(scale, 1 / x.size));
  },
};
