/**
 * Our own network on images of any size, as an exported one has to compute.
 *
 * @module
 */
import { channelsOfHeads } from "@unet/task";
import * as tf from "@tensorflow/tfjs-core";
import type { Image } from "@unet/data";
import { fitInputSize, type Model } from "@unet/model";

/** Walks from `at` back and forth between 0 and `last`. */
function walk(at: number, last: number): number {
  while (at < 0 || at > last) {
    if (last === 0) return 0;
    at = at < 0 ? -at : 2 * last - at;
  }
  return at;
}

/** What a network gives, pixel by pixel, its outputs side by side. */
export interface Output {
  /** Before the sigmoid. */
  readonly logits: Float32Array;
  /** After it. */
  readonly probability: Float32Array;
}

/**
 * What our own network gives for 8-bit images, mirrored by us up to a size that
 * it takes, and cropped by us.
 */
export function ownOutput(model: Model, images: readonly Image[]): Output {
  const { height, width } = images[0]!, { margin } = model;
  const fit = (size: number): number =>
    fitInputSize(model.plan, size + 2 * margin);
  const tall = fit(height), wide = fit(width);
  const top = Math.floor((tall - height) / 2);
  const left = Math.floor((wide - width) / 2);
  return tf.tidy(() => {
    const batch = images.map(({ data }) => {
      const pixels = tf.buffer([tall, wide, 3]);
      for (let y = 0; y < tall; y++) {
        for (let x = 0; x < wide; x++) {
          const from = walk(y - top, height - 1) * width +
            walk(x - left, width - 1);
          for (const c of [0, 1, 2]) {
            pixels.set(data[from * 3 + c]! / 255, y, x, c);
          }
        }
      }
      return pixels.toTensor() as tf.Tensor3D;
    });
    const whole = model.forward(tf.stack(batch) as tf.Tensor4D, {
      training: false,
    });
    const logits = tf.slice(whole, [0, top - margin, left - margin, 0], [
      images.length,
      height,
      width,
      channelsOfHeads(model.task.heads),
    ]);
    return {
      logits: logits.dataSync() as Float32Array,
      probability: tf.sigmoid(logits).dataSync() as Float32Array,
    };
  });
}
