import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels, type SigmoidLossPart } from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { bceTerm, requireWeights } from "./bce_term.ts";
import { channelsOf } from "./channels_of.ts";
import { diceTerm } from "./dice_term.ts";
import { labeledTerm } from "./labeled_term.ts";
import type { Loss } from "./loss.ts";
import { checkShapes, lossOf } from "./loss_term.ts";

/** A loss of channels with a sigmoid each, whichever channels these are. */
export type SigmoidLoss = Omit<SigmoidLossPart, "from" | "to">;

/** A sigmoid loss with all weights 0, to be filled in. */
export const noSigmoidLoss: SigmoidLoss = {
  crossEntropy: 0,
  positiveWeight: 1,
  isWeighted: false,
  dice: 0,
  smoothing: 1e-5,
  perImage: false,
  isSparse: false,
};

/** A loss of all channels together. */
export function sigmoidLoss(of: Partial<SigmoidLoss>): Loss {
  const part = { ...noSigmoidLoss, ...of };
  const loss: Loss = (logits, target, weights) =>
    sigmoidLossOf([{ ...part, from: 0, to: logits.shape[3] }])(
      logits,
      target,
      weights,
    );
  return Object.assign(loss, { isMeanOfImages: isMeanOfImages(part) });
}

/** Whether the loss of several images is the mean of their own. */
function isMeanOfImages({ dice, perImage, isSparse }: SigmoidLoss): boolean {
  return !isSparse && (dice === 0 || perImage);
}

/**
 * The sum of losses of channels with a sigmoid each: in two kernels where the
 * device has them, which read logits and targets once in each direction.
 *
 * @param parts The losses, of channels that do not overlap.
 */
export function sigmoidLossOf(parts: readonly SigmoidLossPart[]): Loss {
  const loss: Loss = (logits, target, weights) => {
    checkShapes(logits, target);
    for (const { isWeighted, from, to } of parts) {
      if (!isWeighted) continue;
      const expected = logits.shape.with(3, to - from);
      checkShapes({ shape: expected }, requireWeights(weights));
    }
    const own = parts.some(({ isWeighted }) => isWeighted)
      ? weights
      : undefined;
    return hasKernel(fusedKernels.sigmoidLoss)
      ? fusedOfFirst(parts, { logits, target, weights: own })
      : composed(parts, { logits, target, weights: own });
  };
  return Object.assign(loss, { isMeanOfImages: parts.every(isMeanOfImages) });
}

/** What a loss is computed from. */
interface Given {
  readonly logits: tf.Tensor4D;
  readonly target: tf.Tensor4D;
  readonly weights: tf.Tensor4D | undefined;
}

/** In tfjs' functions. */
function composed(
  parts: readonly SigmoidLossPart[],
  { logits, target, weights }: Given,
): tf.Scalar {
  return tf.tidy(() =>
    parts.map((part) =>
      lossOf(termsOf(part))(
        channelsOf(logits, part.from, part.to),
        channelsOf(target, part.from, part.to),
        part.isWeighted ? weights : undefined,
      )
    ).reduce((sum, value) => tf.add(sum, value))
  );
}

function termsOf(
  { crossEntropy, dice, isSparse, ...options }: SigmoidLossPart,
) {
  const { smoothing, perImage } = options;
  const over = perImage ? "image" : "batch";
  const all = [
    { weight: crossEntropy, term: bceTerm(options) },
    { weight: dice, term: diceTerm({ smoothing, over }) },
  ];
  const counting = all.filter(({ weight }) => weight > 0);
  return (counting.length > 0 ? counting : all).map(({ weight, term }) => ({
    weight,
    term: isSparse ? labeledTerm(term) : term,
  }));
}

/** The same in the device's kernels, of no more channels than there have to be. */
function fusedOfFirst(
  parts: readonly SigmoidLossPart[],
  { logits, target, weights }: Given,
): tf.Scalar {
  const end = Math.max(...parts.map(({ to }) => to));
  return tf.tidy(() =>
    fused(parts, {
      logits: channelsOf(logits, 0, end),
      target: channelsOf(target, 0, end),
      weights,
    })
  );
}

/** The same in the device's kernels. */
function fused(
  parts: readonly SigmoidLossPart[],
  { logits, target, weights }: Given,
): tf.Scalar {
  // The target is no input of the operation: it needs no gradient.
  const constants = { target, ...weights && { weights } };
  const loss = tf.customGrad((...inputs) => {
    const [x, save] = inputs as [tf.Tensor4D, tf.GradSaveFunc];
    const [value, shares, slopes] = runKernel(
      fusedKernels.sigmoidLoss,
      { logits: x, ...constants },
      { parts },
    ) as [tf.Scalar, tf.Tensor4D, tf.Tensor3D];
    save([shares, slopes, target, ...weights ? [weights] : []]);
    const gradFunc = (dy: tf.Scalar, saved: tf.Tensor[]): tf.Tensor => {
      const [shares, slopes, target, weights] = saved as [
        ...[tf.Tensor, tf.Tensor, tf.Tensor],
        tf.Tensor?,
      ];
      return runKernel(
        fusedKernels.sigmoidLossGrad,
        { dy, shares, slopes, target, ...weights && { weights } },
        { parts },
      )[0]!;
    };
    return { value, gradFunc };
  });
  return loss(logits) as tf.Scalar;
}
