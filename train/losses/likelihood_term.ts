import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import { addPlanes, planesOf, softmaxPlanes } from "./class_planes.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";
import { type LossTerm, sumPerImage } from "./loss_term.ts";

/**
 * Ground truth times the weights of its classes, by class.
 *
 * @param target Which class each pixel has, `[N, H, W, C]`.
 * @param options The weights.
 * @throws {RangeError} If there is not one weight per class.
 */
function weighClasses(
  target: tf.Tensor4D,
  { classWeights }: ClassWeightOptions,
): tf.Tensor4D[] {
  const planes = planesOf(target);
  if (classWeights === undefined) return planes;
  checkSetting(
    ["loss of classes", "number of weights", classWeights.length],
    classWeights.length === planes.length,
    `one per class, ${planes.length}`,
  );
  return planes.map((plane, at) => tf.mul(plane, classWeights[at]!));
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

/** What the pixels of a class add to a sum over logarithms of its share. */
export interface LikelihoodParts {
  /** The values, `[N, H, W, 1]`. */
  readonly values: tf.Tensor4D;
  /** The derivatives by the logarithms; 1 if not given. */
  readonly slopes?: tf.Tensor4D;
}

/**
 * `−Σ w f(log p) / Σ w` as a summand, the sums over the pixels that have a
 * class.
 *
 * @param options The weights of classes.
 * @param partsOf The function f of a class, by its shares and their logarithms.
 */
export function likelihoodTerm(
  options: ClassWeightOptions,
  partsOf: (logarithms: tf.Tensor4D, shares: tf.Tensor4D) => LikelihoodParts,
): LossTerm {
  checkClassWeights(options);
  return {
    forward(logits, target) {
      const { shares, logarithms } = softmaxPlanes(logits);
      const weights = weighClasses(target, options);
      const parts = logarithms.map((own, at) => partsOf(own, shares[at]!));
      const total = tf.maximum(
        tf.sum(sumPerImage(addPlanes(weights))),
        nearlyNothing,
      );
      const values = parts.map(({ values }, at) =>
        tf.mul<tf.Tensor4D>(weights[at]!, values)
      );
      const slopes = parts.map(({ slopes }, at) =>
        slopes ? tf.mul(weights[at]!, slopes) : weights[at]!
      );
      const sum = tf.sum(sumPerImage(addPlanes(values)));
      return {
        value: tf.neg<tf.Scalar>(tf.div(sum, total)),
        saved: [...shares, ...slopes, total],
      };
    },
    gradient(scale, saved) {
      const classes = (saved.length - 1) / 2;
      const shares = saved.slice(0, classes) as tf.Tensor4D[];
      const slopes = saved.slice(classes, -1) as tf.Tensor4D[];
      const share = tf.div(tf.neg(scale), saved.at(-1)!);
      // Through the logarithm of the softmax: s − p Σ s.
      const sum = addPlanes(slopes);
      return tf.mul(
        tf.concat(
          slopes.map((own, at) => tf.sub(own, tf.mul(shares[at]!, sum))),
          3,
        ),
        share,
      );
    },
  };
}
