/**
 * Probabilities from a network. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { ColorNormalization, Image, ImageReader } from "@unet/data";
import { cannot } from "@unet/errors";
import { channelsOfHeads, type Head, headPlaces, type Input } from "@unet/task";

/** A head as inference needs it: a `Head` of `@unet/task` is one. */
export type PredictedHead = Pick<
  Head,
  "name" | "channels" | "activation" | "classes"
>;

/** The head of a network that does not say which it has. */
export const objectHead: PredictedHead = {
  name: "object",
  channels: 1,
  activation: "sigmoid",
};

/** An image as a network sees it that has a normalization of its own. */
export interface FittedInput {
  /** Values per pixel. */
  readonly channels: number;
  /**
   * What the network sees of a window of the image.
   *
   * @param window The window, with its values as the file has them.
   * @returns Values laid out as `[H, W, C]`.
   */
  values(window: Image): Float32Array;
}

/** Predicts the heads' values on windows of an image. */
export interface Predict {
  /**
   * Runs on some windows.
   *
   * @param x Red, green, blue in 0…1, laid out as `[N, H, W, 3]`, or the
   * channels that `input` names; reused once the promise is settled.
   * @param shape N, H and W.
   * @returns Values laid out as `[N, H, W, C]`, where C are the channels of all
   * heads, in the heads' order.
   */
  (
    x: Float32Array,
    shape: readonly [n: number, height: number, width: number],
  ): Promise<Float32Array>;
  /** The heads; one of objects, {@linkcode objectHead}, if it does not say. */
  readonly heads?: readonly PredictedHead[];
  /** What it takes: color if it does not say. */
  readonly input?: Input;
  /**
   * Fits a normalization that the program does not have to a whole image; where
   * there is none, that of `input` applies.
   *
   * @param image The image.
   * @throws {FileError} If the image is none that the network takes.
   */
  readonly fit?: (image: ImageReader) => Promise<FittedInput>;
  /**
   * How many batches more it may be given while it computes one, as it does in
   * a thread of its own; none by default. It is done with the windows when the
   * call returns, and answers in order.
   */
  readonly ahead?: number;
  /**
   * Prepares for a batch of images, before it predicts their windows.
   *
   * @param batch How many images there are, and the bytes of the largest file.
   */
  readonly prepare?: (batch: ImageBatch) => void;
}

/** Facts about a batch of images before they are opened. */
export interface ImageBatch {
  /** How many there are. */
  readonly images: number;
  /** The bytes of the largest file. */
  readonly largestFile: number;
}

/**
 * The rule by which a network expects color and gray images to be spread; of
 * chosen channels, none.
 */
export function colorNormalizationOf(
  { input }: Pick<Predict, "input">,
): ColorNormalization | undefined {
  const normalization = input?.normalization;
  return normalization === "percentiles" ? undefined : normalization;
}

/**
 * The method of a network that inference needs; a `Model` of `@unet/model` has
 * it.
 */
export interface Network<Options = unknown> {
  /** Pixels on each side of an input that the output lacks; 0 by default. */
  readonly margin?: number;
  /** What it learned; one head of objects by default. */
  readonly task?: {
    readonly heads: readonly PredictedHead[];
    readonly input?: Input;
  };
  /**
   * Runs the network.
   *
   * @param x Windows `[N, H, W, C]` in 0…1, of color or of the channels that
   * it takes; the caller disposes them.
   * @param options `training` is false; and what the network takes besides.
   * @returns Logits `[N, H − 2·margin, W − 2·margin, C]`, where C are the
   * channels of all heads; the caller disposes them.
   */
  forward(
    x: tf.Tensor4D,
    options: { training: boolean } & Options,
  ): tf.Tensor4D;
}

/**
 * Makes a network a {@linkcode Predict}: its logits with each head's
 * activation, computed on tfjs' current backend. Keeps no tensor.
 *
 * Where a network gives less than it sees, the margin that it leaves out is 0:
 * windows need a margin at least as wide, of which no pixel is kept. That is
 * the Paper's overlap-tile strategy.
 *
 * @param network The network; stays the caller's.
 * @param options What each of its forward passes takes besides `training`.
 * @returns The function, with the network's heads. It throws a `TypeError` if
 * the network answers in another shape.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { predictorOf } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const network = {
 *   forward: (x: tf.Tensor4D): tf.Tensor4D =>
 *     tf.zeros([x.shape[0], x.shape[1], x.shape[2], 1]),
 * };
 * const predict = predictorOf(network);
 * assertEquals(await predict(new Float32Array(6), [1, 1, 2]),
 *   new Float32Array([0.5, 0.5]));
 * ```
 */
export function predictorOf<Options extends object>(
  network: Network<Options>,
  options: Options = {} as Options,
): Predict {
  const { heads, input } = network.task ??
    { heads: [objectHead], input: undefined };
  const channels = input?.channels.length ?? 3;
  const { margin = 0 } = network;
  const predict: Predict = async (x, [count, height, width]) => {
    const values = tf.tidy(() => {
      const windows = tf.tensor4d(x, [count, height, width, channels]);
      const logits = network.forward(windows, { ...options, training: false });
      checkShape(logits.shape, [
        count,
        height - 2 * margin,
        width - 2 * margin,
        channelsOfHeads(heads),
      ]);
      const inner = activate(logits, heads);
      if (margin === 0) return inner;
      const sides: [number, number] = [margin, margin];
      return tf.pad(inner, [[0, 0], sides, sides, [0, 0]]);
    });
    try {
      return await values.data<"float32">();
    } finally {
      values.dispose();
    }
  };
  return Object.assign(predict, { heads, ...(input && { input }) });
}

/** Each head's activation of its logits. */
function activate(
  logits: tf.Tensor4D,
  heads: readonly PredictedHead[],
): tf.Tensor4D {
  // One operation on all channels, as most networks have it.
  if (heads.every(({ activation }) => activation === "sigmoid")) {
    return tf.sigmoid(logits);
  }
  const parts = headPlaces(heads).map(({ head, from, to }) => {
    const own = to - from === logits.shape[3]
      ? logits
      : tf.slice(logits, [0, 0, 0, from], [-1, -1, -1, to - from]);
    switch (head.activation) {
      case "sigmoid":
        return tf.sigmoid(own);
      case "softmax":
        return tf.softmax(own);
      case "none":
        return own;
    }
  });
  return parts.length === 1 ? parts[0]! : tf.concat(parts, 3);
}

function checkShape(
  found: readonly number[],
  expected: readonly number[],
): void {
  if (`${found}` === `${expected}`) return;
  throw new TypeError(
    cannot("use", "output of network", `[${found}]`, {
      found: `shape [${found}]`,
      expected: `[${expected}], a value per pixel and channel of its heads`,
    }),
  );
}
