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
import { borderLoss } from "./border_loss.ts";
import { classLossByName } from "./class_loss_by_name.ts";
import type { Loss } from "./loss.ts";
import { lossByName } from "./loss_by_name.ts";

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
  const parts = headPlaces(heads).map(({ head, from, to }) => {
    const own = Object.hasOwn(losses, head.name) ? losses[head.name] : null;
    const loss = own ? weighted(own, head.weight) : lossOfHead(head, isSparse);
    return { head, from, to, loss };
  });
  return (logits, target, weights) => {
    checkChannels(logits, "logits", heads, channels);
    checkChannels(target, "target", heads, channels);
    return tf.tidy(() =>
      parts.map(({ head, from, to, loss }) =>
        loss(
          channelsOf(logits, from, to),
          channelsOf(target, from, to),
          hasOneChannel(head) ? weights : undefined,
        )
      ).reduce((sum, value) => tf.add(sum, value))
    );
  };
}

function lossOfHead(
  { loss, weight, activation, ...rest }: Head,
  isSparse: boolean,
): Loss {
  if (loss === "border") return borderLoss({ weight, isSparse });
  if (activation !== "softmax") {
    return weighted(lossByName(loss, { isSparse }), weight);
  }
  const { classWeights } = rest;
  const options = classWeights ? { classWeights } : {};
  return weighted(classLossByName(loss, options), weight);
}

/** A loss times a number. */
function weighted(loss: Loss, weight: number): Loss {
  if (weight === 1) return loss;
  return (...args) => tf.tidy(() => tf.mul<tf.Scalar>(loss(...args), weight));
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
