import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { predictorOf } from "./predict.ts";
import { segmentImage } from "./segment_image.ts";

const kernel = [2, -3, 0.5], bias = -0.25;

/** A 1×1 convolution: each pixel's logit is 2 red - 3 green + blue/2 - 1/4. */
const network = {
  forward(x: tf.Tensor4D, { training }: { training: boolean }): tf.Tensor4D {
    assertEquals(training, false);
    // Leaves tensors behind, as a network may.
    return tf.add(
      tf.conv2d(x, tf.tensor4d(kernel, [1, 1, 3, 1]), 1, "same"),
      tf.scalar(bias),
    );
  },
};

Deno.test("predictorOf() is the sigmoid of the network's logits, and keeps no tensor", async () => {
  await tf.setBackend("cpu");
  const image = {
    width: 5,
    height: 3,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: 45 }, (_, index) => (index * 83) % 256),
  } as const;
  const before = tf.memory().numTensors;
  const { probability } = await segmentImage(image, predictorOf(network), {
    tile: 2,
    margin: 1,
    batchSize: 4,
  });
  assertEquals(tf.memory().numTensors, before);
  probability.forEach((value, pixel) => {
    const logit = kernel.reduce(
      (sum, weight, channel) =>
        sum + weight * image.data[pixel * 3 + channel]! / 255,
      bias,
    );
    assertAlmostEquals(value, 1 / (1 + Math.exp(-logit)), 1e-6);
  });
});

Deno.test("predictorOf() refuses logits of another shape, and keeps no tensor", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const predict = predictorOf({
    forward: (x) => tf.mul<tf.Tensor4D>(x, tf.scalar(2)),
  });
  await assertRejects(
    () => predict(new Float32Array(12), [1, 2, 2]),
    TypeError,
    'Cannot use output of network "[1,2,2,3]": found shape [1,2,2,3], expected [1,2,2,1], one logit a pixel',
  );
  assertEquals(tf.memory().numTensors, before);
});
