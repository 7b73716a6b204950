import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "./check_setting.ts";

/**
 * The result of {@linkcode clipByGlobalNorm}; the caller disposes all of it.
 */
export interface ClippedGradients {
  /** New tensors under the names of the gradients. */
  readonly gradients: Map<string, tf.Tensor>;
  /** The norm of all gradients together, before clipping. */
  readonly norm: tf.Scalar;
}

/**
 * Scales gradients down together where the norm of all of them exceeds a bound,
 * as PyTorch's `clip_grad_norm_` does. Nothing is read back from the device. A
 * gradient that is not finite spoils all; look at the loss first.
 *
 * @param gradients The gradients by name; they stay as they are.
 * @param maxNorm The largest norm, above 0.
 * @returns The gradients with a norm of at most `maxNorm`, and the norm before.
 * @throws {RangeError} If the bound is not above 0.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { clipByGlobalNorm } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const gradients = new Map([["a", tf.scalar(3)], ["b", tf.scalar(4)]]);
 * const clipped = clipByGlobalNorm(gradients, 1);
 * assertAlmostEquals(clipped.norm.dataSync()[0]!, 5, 1e-6);
 * assertAlmostEquals(clipped.gradients.get("a")!.dataSync()[0]!, 0.6, 1e-6);
 * ```
 */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<string, tf.Tensor>,
  maxNorm: number,
): ClippedGradients {
  checkSetting(
    ["gradient clipping", "maxNorm", maxNorm],
    maxNorm > 0,
    "a number above 0",
  );
  const { norm, scale } = tf.tidy(() => {
    let squares = tf.scalar(0);
    for (const gradient of gradients.values()) {
      squares = tf.add(squares, sumOfSquares(gradient));
    }
    const norm = tf.sqrt(squares);
    // PyTorch adds the same 1e-6.
    const scale = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
    return { norm, scale };
  });
  const clipped = new Map<string, tf.Tensor>();
  for (const [name, gradient] of gradients) {
    clipped.set(name, tf.mul(gradient, scale));
  }
  scale.dispose();
  return { gradients: clipped, norm };
}

function sumOfSquares(x: tf.Tensor): tf.Scalar {
  const rows = tf.reshape(tf.square(x), [-1, x.shape.at(-1) ?? 1]);
  // In two stages, as a long float32 sum loses digits.
  return tf.sum(tf.sum(rows, 1));
}
