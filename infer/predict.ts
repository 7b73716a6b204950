/**
 * Probabilities from a network. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";

/** Finds objects on windows of an image. */
export interface Predict {
  /**
   * Runs on some windows.
   *
   * @param x Red, green, blue in 0…1, laid out as `[N, H, W, 3]`; reused once
   * the promise is settled.
   * @param shape N, H and W.
   * @returns Probabilities, 0…1, laid out as `[N, H, W, outputs]`: each pixel's
   * of being object, and where there are two, that of being an object's border
   * after it.
   */
  (
    x: Float32Array,
    shape: readonly [n: number, height: number, width: number],
  ): Promise<Float32Array>;
  /** Probabilities a pixel; 1 if it does not say. */
  readonly outputs?: 1 | 2;
}

/** What inference needs of a network; a `Model` of `@unet/model` is one. */
export interface Network<Options = unknown> {
  /** Pixels on each side of an input that the output lacks; 0 by default. */
  readonly margin?: number;
  /** Logits a pixel: of an object, and where there are 2, of its border; 1. */
  readonly outputs?: 1 | 2;
  /**
   * Runs the network.
   *
   * @param x Windows `[N, H, W, 3]` in 0…1; the caller disposes them.
   * @param options `training` is false; and what the network takes besides.
   * @returns Logits `[N, H − 2·margin, W − 2·margin, outputs]`; the caller
   * disposes them.
   */
  forward(
    x: tf.Tensor4D,
    options: { training: boolean } & Options,
  ): tf.Tensor4D;
}

/**
 * Makes a network a {@linkcode Predict}: sigmoid of its logits, computed on
 * tfjs' current backend. Keeps no tensor.
 *
 * Where a network gives less than it sees, the border that it leaves out has
 * probability 0: windows need a margin at least as wide, of which no pixel is
 * kept. That is the Paper's overlap-tile strategy.
 *
 * @param network The network; stays the caller's.
 * @param options What each of its passes is told besides `training`.
 * @returns The function, which gives as many probabilities a pixel as the
 * network has outputs, and throws a `TypeError` if it answers in another shape.
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
  const { outputs = 1 } = network;
  const predict: Predict = async (x, [count, height, width]) => {
    const probability = tf.tidy(() => {
      const windows = tf.tensor4d(x, [count, height, width, 3]);
      const logits = network.forward(windows, {
        ...options,
        training: false,
      });
      const { margin = 0 } = network;
      const given = [
        count,
        height - 2 * margin,
        width - 2 * margin,
        outputs,
      ];
      const expected = `[${given}]`;
      const found = `[${logits.shape}]`;
      if (found !== expected) {
        throw new TypeError(
          cannot("use", "output of network", found, {
            found: `shape ${found}`,
            expected: `${expected}, ${
              outputs === 1 ? "one logit" : "two logits"
            } a pixel`,
          }),
        );
      }
      const inner = tf.sigmoid(logits);
      if (margin === 0) return inner;
      const sides: [number, number] = [margin, margin];
      return tf.pad(inner, [[0, 0], sides, sides, [0, 0]]);
    });
    try {
      return await probability.data<"float32">();
    } finally {
      probability.dispose();
    }
  };
  return Object.assign(predict, { outputs });
}
