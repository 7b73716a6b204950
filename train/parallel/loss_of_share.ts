import * as tf from "@tensorflow/tfjs-core";
import type { BatchShare } from "@unet/data";
import type { Loss } from "../losses/loss.ts";
import { weightOf } from "./average_statistics.ts";
import type { Communicator } from "./communicator.ts";

/** A rank's part in the loss of a batch. */
export interface ShareLoss {
  /** The loss of this rank's tiles, whose gradients sum up to the batch's. */
  readonly loss: Loss;
  /** How much of the value counts in the sum over ranks. */
  readonly counts: number;
}

/**
 * A rank's part in the loss of a whole batch, which is the same number however
 * the batch is divided.
 *
 * A mean over images is the sum of the ranks' means by their shares. Any other
 * loss (Dice over a batch, means over labeled pixels) is not made of the ranks'
 * losses: each rank gets the logits of all, computes the loss of the whole
 * batch, and lets the gradient of its own tiles through.
 *
 * @param loss The loss of a whole batch.
 * @param share This rank's part of the batch.
 * @param communicator Connects the ranks.
 */
export function lossOfShare(
  loss: Loss,
  share: BatchShare,
  communicator: Communicator,
): ShareLoss {
  if (loss.isMeanOfImages) {
    const weight = weightOf(share);
    return {
      loss: (...args) => tf.tidy(() => tf.mul(loss(...args), weight)),
      counts: 1,
    };
  }
  return {
    loss: (logits, target, weights) =>
      tf.tidy(() =>
        loss(...wholeBatch([logits, target, weights], share, communicator))
      ),
    counts: communicator.rank === 0 ? 1 : 0,
  };
}

type Given = readonly [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D | undefined];

/** The tensors of the whole batch; a gradient flows through the logits. */
function wholeBatch(
  [logits, target, weights]: Given,
  share: BatchShare,
  communicator: Communicator,
): [tf.Tensor4D, tf.Tensor4D, ...tf.Tensor4D[]] {
  const { from, to, of } = share;
  const tensors = [logits, target, ...weights ? [weights] : []];
  const sizes = tensors.map(({ size, shape }) => of * size / shape[0]);
  const all = new Float32Array(sizes.reduce((sum, size) => sum + size));
  const starts = sizes.map((_, i) =>
    sizes.slice(0, i).reduce((sum, size) => sum + size, 0)
  );
  tensors.forEach((tensor, i) => {
    const each = sizes[i]! / of, start = starts[i]! + from * each;
    const own = tensor.dataSync<"float32">();
    all.set(own.subarray(0, (to - from) * each), start);
  });
  communicator.sumNow(all);
  const [wholeLogits, ...others] = tensors.map(({ shape }, i) =>
    tf.tensor4d(
      all.slice(starts[i], starts[i]! + sizes[i]!),
      [of, shape[1], shape[2], shape[3]],
    )
  ) as [tf.Tensor4D, tf.Tensor4D, ...tf.Tensor4D[]];
  const spread = tf.customGrad((x) => {
    const [count, ...rest] = (x as tf.Tensor4D).shape;
    const gradFunc = (dy: tf.Tensor4D): tf.Tensor =>
      to > from
        ? tf.slice(dy, [from, 0, 0, 0], [to - from, ...rest])
        : tf.zeros([count, ...rest]);
    return { value: wholeLogits, gradFunc };
  });
  return [spread(logits) as tf.Tensor4D, ...others];
}
