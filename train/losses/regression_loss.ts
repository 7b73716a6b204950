import * as tf from "@tensorflow/tfjs-core";
import {
  fusedKernels,
  type RegressionLossPart,
} from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { channelsOf } from "./channels_of.ts";
import type { Loss } from "./loss.ts";
import {
  checkShapes,
  lossOf,
  type LossTerm,
  sumPerImage,
} from "./loss_term.ts";

/** A loss of channels that are numbers, whichever channels these are. */
export type RegressionLoss = Omit<RegressionLossPart, "from" | "to">;

/**
 * The sum of losses of channels that are numbers and no probabilities: in two
 * kernels where the device has them.
 *
 * @param parts The losses, of channels that do not overlap.
 */
export function regressionLossOf(parts: readonly RegressionLossPart[]): Loss {
  return (logits, target) => {
    checkShapes(logits, target);
    return hasKernel(fusedKernels.regressionLoss)
      ? fused(parts, logits, target)
      : composed(parts, logits, target);
  };
}

/** In tfjs' functions. */
function composed(
  parts: readonly RegressionLossPart[],
  logits: tf.Tensor4D,
  target: tf.Tensor4D,
): tf.Scalar {
  return tf.tidy(() =>
    parts.map((part) =>
      lossOf([{ weight: part.weight, term: termOf(part) }])(
        channelsOf(logits, part.from, part.to),
        channelsOf(target, part.from, part.to),
      )
    ).reduce((sum, value) => tf.add(sum, value))
  );
}

function termOf(
  { from, to, error, lowest, isGraded }: RegressionLossPart,
): LossTerm {
  const channels = to - from, isSquared = error === "squared";
  return {
    forward(x, y) {
      const first = tf.slice(y, [0, 0, 0, 0], [-1, -1, -1, 1]);
      const counts = tf.cast(tf.greaterEqual(first, lowest), "float32");
      const shares = isGraded
        ? tf.mul(counts, tf.div(tf.min(y, 3, true), tf.mean(y, 3, true)))
        : counts;
      const far = tf.sub<tf.Tensor4D>(x, y);
      const errors = isSquared ? tf.square(far) : tf.abs(far);
      const all = tf.sum(sumPerImage(shares as tf.Tensor4D));
      // Where nothing counts, the sum of errors is 0.
      const nothing = tf.cast(tf.equal(all, 0), "float32");
      const scale = tf.reciprocal(tf.mul(channels, tf.add(all, nothing)));
      const sum = tf.sum(sumPerImage(tf.mul(errors, shares)));
      return {
        value: tf.mul<tf.Scalar>(sum, scale),
        saved: [far, shares, scale],
      };
    },
    gradient(dy, saved) {
      const [far, shares, scale] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Scalar,
      ];
      const slope = isSquared ? tf.mul(far, 2) : tf.sign(far);
      return tf.mul(tf.mul(slope, shares), tf.mul(dy, scale));
    },
  };
}

/** The same in the device's kernels. */
function fused(
  parts: readonly RegressionLossPart[],
  logits: tf.Tensor4D,
  target: tf.Tensor4D,
): tf.Scalar {
  // The target is no input of the operation: it needs no gradient.
  const loss = tf.customGrad((...inputs) => {
    const [x, save] = inputs as [tf.Tensor4D, tf.GradSaveFunc];
    const [value, scales] = runKernel(
      fusedKernels.regressionLoss,
      { logits: x, target },
      { parts },
    ) as [tf.Scalar, tf.Tensor1D];
    save([scales, x, target]);
    const gradFunc = (dy: tf.Scalar, saved: tf.Tensor[]): tf.Tensor => {
      const [scales, logits, target] = saved as [
        ...[tf.Tensor, tf.Tensor, tf.Tensor],
      ];
      return runKernel(
        fusedKernels.regressionLossGrad,
        { dy, scales, logits, target },
        { parts },
      )[0]!;
    };
    return { value, gradFunc };
  });
  return loss(logits) as tf.Scalar;
}
