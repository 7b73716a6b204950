import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import type { Loss } from "./loss.ts";

/** A summand of a loss, with its derivative worked out by hand. */
export interface LossTerm {
  /** Whether the value is a mean over all elements. */
  readonly isMean?: boolean;
  /** The value, and the tensors that the gradient needs. */
  forward(
    logits: tf.Tensor4D,
    target: tf.Tensor4D,
    weights?: tf.Tensor4D,
  ): { value: tf.Scalar; saved: tf.Tensor[] };
  /** `scale` times the derivative of the value by the logits. */
  gradient(scale: tf.Scalar, saved: tf.Tensor[]): tf.Tensor4D;
}

/** A summand, and how much it counts. */
export interface WeightedTerm {
  /** How much it counts. */
  readonly weight: number;
  /** The summand. */
  readonly term: LossTerm;
}

/**
 * Makes one differentiable loss of weighted terms. Their derivatives are worked
 * out by hand: the logits are read once, and no exponential overflows.
 */
export function lossOf(
  terms: readonly WeightedTerm[],
): Loss {
  return (logits, target, weights) => {
    checkShapes(logits, target);
    if (weights) checkShapes(logits, weights);
    // The target is no input of the operation: it needs no gradient.
    const loss = tf.customGrad((...inputs) => {
      const [x, save] = inputs as [tf.Tensor4D, tf.GradSaveFunc];
      const parts = terms.map(({ term }) => term.forward(x, target, weights));
      save(parts.flatMap(({ saved }) => saved));
      const values = parts.map(({ value }, i) => scaled(value, terms[i]!));
      return {
        value: values.reduce((sum, value) => tf.add(sum, value)),
        gradFunc: (dy: tf.Scalar, saved: tf.Tensor[]) => {
          let start = 0;
          const gradients = terms.map((weighted, i) => {
            const end = start + parts[i]!.saved.length;
            const own = saved.slice(start, end);
            start = end;
            return weighted.term.gradient(scaled(dy, weighted), own);
          });
          return gradients.reduce((sum, part) => tf.add(sum, part));
        },
      };
    });
    return loss(logits) as tf.Scalar;
  };
}

function scaled(value: tf.Scalar, { weight }: { weight: number }): tf.Scalar {
  return weight === 1 ? value : tf.mul(value, weight);
}

/**
 * The sum over each image, `[N]`. Row by row, because tfjs' wasm backend adds
 * up in float32 one after the other: a million losses in one go came out wrong
 * in the fourth digit.
 */
export function sumPerImage(x: tf.Tensor4D): tf.Tensor1D {
  const [count, height, width, channels] = x.shape;
  const rows = tf.reshape(x, [count, height, width * channels]);
  return tf.sum(tf.sum(rows, 2), 1);
}

/** Throws unless both have the shape `[N, H, W, C]`, the same one. */
export function checkShapes(
  logits: Pick<tf.Tensor, "shape">,
  target: Pick<tf.Tensor, "shape">,
): void {
  const found = logits.shape, expected = target.shape;
  if (found.length === 4 && `${found}` === `${expected}`) return;
  throw new TypeError(
    cannot("compare", "logits of shape", `[${found.join(", ")}]`, {
      found: `a target of shape [${expected.join(", ")}]`,
      expected: "[N, H, W, C] both",
    }),
  );
}
