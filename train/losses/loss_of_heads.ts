/**
 * The loss of a whole network. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { registerGradients } from "@unet/device/gradients";
import { cannot } from "@unet/errors";
import {
  channelsOfHeads,
  hasOneChannel,
  type Head,
  headPlaces,
} from "@unet/task";
import { channelsOf } from "./channels_of.ts";
import { borderPart } from "./border_part.ts";
import { classLossByName } from "./class_loss_by_name.ts";
import type { Loss } from "./loss.ts";
import { partByName } from "./part_by_name.ts";
import { regressionLossOf } from "./regression_loss.ts";
import { regressionPart } from "./regression_part.ts";
import { type SigmoidLoss, sigmoidLossOf } from "./sigmoid_loss.ts";

/** Which losses {@linkcode lossOfHeads} adds. */
export interface HeadLossOptions {
  /**
   * Losses of heads that name none of the program's, by the head's name; they
   * see all elements.
   */
  readonly losses?: Readonly<Record<string, Loss>>;
  /**
   * Whether ground truth may leave pixels out: elements with a target below 0,
   * which count in no loss. Not by default, since it takes a little time. A
   * softmax leaves out pixels without a class in any case.
   */
  readonly isSparse?: boolean;
}

/**
 * The loss of a whole network: the sum of its heads' losses, each of the head's
 * own channels, as if it were alone, and by the head's weight.
 *
 * @param heads The heads, in the order of the network's outputs.
 * @param options Losses of heads' own, and whether some pixels are not labeled.
 * @returns A loss of logits and targets `[N, H, W, C]`, where C are the channels
 * of all heads, and weights `[N, H, W, 1]`, which heads of one channel get.
 * @throws {UsageError} If a head names a loss that there is not.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { objectTask } from "@unet/task";
 * import { lossOfHeads } from "@unet/train";
 * import { assert } from "@std/assert";
 *
 * const loss = lossOfHeads(objectTask({ borderWeight: 0.1 }).heads);
 * const zeros = tf.zeros<tf.Rank.R4>([1, 2, 2, 2]);
 * assert(loss(zeros, zeros).dataSync()[0]! > Math.log(2));
 * ```
 */
export function lossOfHeads(
  heads: readonly Head[],
  { losses = {}, isSparse = false }: HeadLossOptions = {},
): Loss {
  registerGradients();
  const channels = channelsOfHeads(heads);
  const places = headPlaces(heads);
  const ownOf = ({ name }: Head): Loss | null =>
    Object.hasOwn(losses, name) ? losses[name]! : null;
  const numbers = places.flatMap(({ head, from, to }) => {
    const part = ownOf(head) ? null : regressionPart(head);
    return part ? [{ ...part, from, to }] : [];
  });
  const parts = places.flatMap(({ head, from, to }) => {
    const part = ownOf(head) || numbers.some((one) => one.from === from)
      ? null
      : sigmoidPartOf(head, isSparse);
    return part ? [{ ...part, from, to }] : [];
  });
  const others = places.flatMap(({ head, from, to }) => {
    if ([...parts, ...numbers].some((part) => part.from === from)) return [];
    const loss = weighted(ownOf(head) ?? classLossOf(head), head.weight);
    return [{ head, from, to, loss }];
  });
  const loss: Loss = (logits, target, weights) => {
    checkChannels(logits, "logits", heads, channels);
    checkChannels(target, "target", heads, channels);
    return tf.tidy(() =>
      [
        ...parts.length > 0
          ? [sigmoidLossOf(parts)(logits, target, weights)]
          : [],
        ...numbers.length > 0
          ? [regressionLossOf(numbers)(logits, target)]
          : [],
        ...others.map(({ head, from, to, loss }) =>
          loss(
            channelsOf(logits, from, to),
            channelsOf(target, from, to),
            hasOneChannel(head) ? weights : undefined,
          )
        ),
      ].reduce((sum, value) => tf.add(sum, value))
    );
  };
  const isMeanOfImages = numbers.length === 0 &&
    others.every(({ loss }) => loss.isMeanOfImages) &&
    (parts.length === 0 || sigmoidLossOf(parts).isMeanOfImages === true);
  return Object.assign(loss, { isMeanOfImages });
}

/** The loss of a head of sigmoids as plain data; null for classes. */
function sigmoidPartOf(
  { loss, weight, activation }: Head,
  isSparse: boolean,
): SigmoidLoss | null {
  if (loss === "border") return borderPart({ weight, isSparse });
  if (activation === "softmax") return null;
  const { crossEntropy, dice, ...part } = partByName(loss);
  return {
    ...part,
    ...{ crossEntropy: crossEntropy * weight, dice: dice * weight, isSparse },
  };
}

function classLossOf({ loss, classWeights }: Head): Loss {
  return classLossByName(loss, classWeights ? { classWeights } : {});
}

/** A loss times a number. */
function weighted(loss: Loss, weight: number): Loss {
  if (weight === 1) return loss;
  const times: Loss = (...args) =>
    tf.tidy(() => tf.mul<tf.Scalar>(loss(...args), weight));
  return Object.assign(times, {
    isMeanOfImages: loss.isMeanOfImages === true,
  });
}

function checkChannels(
  { shape }: tf.Tensor4D,
  name: string,
  heads: readonly Head[],
  channels: number,
): void {
  if (shape.length === 4 && shape[3] === channels) return;
  const names = heads.map(({ name }) => name).join(", ");
  throw new TypeError(
    cannot("use", "loss of heads on", name, {
      found: `shape [${shape}]`,
      expected: `[N, H, W, ${channels}] for ${names}`,
    }),
  );
}
