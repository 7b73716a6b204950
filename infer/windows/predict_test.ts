import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { twoHeads } from "../fixtures/two_heads.ts";
import { objectHead, type PredictedHead, predictorOf } from "./predict.ts";
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
  const { planes: { object } } = await segmentImage(
    image,
    predictorOf(network),
    {
      tile: 2,
      margin: 1,
      batchSize: 4,
    },
  );
  assertEquals(tf.memory().numTensors, before);
  object!.forEach((value, pixel) => {
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
    'Cannot use output of network "[1,2,2,3]": found shape [1,2,2,3], expected [1,2,2,1], a value per pixel and channel of its heads',
  );
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("predictorOf() of a network of two heads gives both, one after the other", async () => {
  await tf.setBackend("cpu");
  assertEquals(predictorOf(network).heads, [objectHead]);
  const predict = predictorOf({
    task: { heads: twoHeads },
    margin: 1,
    // Logits of the red and the green inside the border.
    forward: (x) => tf.tidy(() => tf.slice(x, [0, 1, 1, 0], [-1, 1, 2, 2])),
  });
  assertEquals(predict.heads, twoHeads);
  const x = Float32Array.from({ length: 3 * 4 * 3 }, (_, at) => Math.sin(at));
  const before = tf.memory().numTensors;
  const values = await predict(x, [1, 3, 4]);
  assertEquals(tf.memory().numTensors, before);
  assertEquals(values.length, 3 * 4 * 2);
  values.forEach((value, at) => {
    const output = at % 2, pixel = (at - output) / 2;
    const isInside = pixel === 5 || pixel === 6;
    const logit = x[3 * pixel + output]!;
    assertAlmostEquals(value, isInside ? 1 / (1 + Math.exp(-logit)) : 0, 1e-6);
  });
  await assertRejects(
    () =>
      predictorOf({ ...network, task: { heads: twoHeads } })(
        new Float32Array(12),
        [1, 2, 2],
      ),
    TypeError,
    "found shape [1,2,2,1], expected [1,2,2,2], a value per pixel and channel of its heads",
  );
});

Deno.test("predictorOf() gives each head its own activation", async () => {
  await tf.setBackend("cpu");
  const heads: PredictedHead[] = [
    { name: "class", channels: 3, activation: "softmax" },
    { name: "object", channels: 1, activation: "sigmoid" },
    { name: "distance", channels: 2, activation: "none" },
  ];
  const predict = predictorOf({
    task: { heads },
    // Red, green, blue as classes; then red, green and blue again.
    forward: (x) => tf.tidy(() => tf.concat([x, x], 3)),
  });
  const x = Float32Array.from({ length: 4 * 3 }, (_, at) => 3 * Math.sin(at));
  const before = tf.memory().numTensors;
  const values = await predict(x, [1, 2, 2]);
  assertEquals(tf.memory().numTensors, before);
  assertEquals(values.length, 4 * 6);
  for (let pixel = 0; pixel < 4; pixel++) {
    const [red, green, blue] = x.subarray(3 * pixel, 3 * pixel + 3);
    const powers = [red!, green!, blue!].map(Math.exp);
    const sum = powers.reduce((sum, power) => sum + power);
    const expected = [
      ...powers.map((power) => power / sum),
      1 / (1 + Math.exp(-red!)),
      green!,
      blue!,
    ];
    expected.forEach((value, at) =>
      assertAlmostEquals(values[6 * pixel + at]!, value, 1e-6)
    );
  }
});

Deno.test("predictorOf() of a network without padding segments by overlapping tiles, as if the mirrored image were seen whole", async () => {
  await tf.setBackend("cpu");
  const margin = 2;
  // Each logit depends on the 5×5 pixels around it: two convolutions.
  const random = Array.from(
    { length: 25 * 3 },
    (_, at) => Math.sin(at * 7) / 3,
  );
  const unpadded = {
    margin,
    forward: (x: tf.Tensor4D): tf.Tensor4D =>
      tf.tidy(() =>
        tf.conv2d(x, tf.tensor4d(random, [5, 5, 3, 1]), 1, "valid")
      ),
  };
  const width = 23, height = 17;
  const image = {
    width,
    height,
    channels: 3,
    depth: 8,
    data: Uint8Array.from(
      { length: width * height * 3 },
      (_, at) => (at * 83) % 256,
    ),
  } as const;
  const whole = tf.tidy(() => {
    const x = tf.div(
      tf.tensor3d(Float32Array.from(image.data), [height, width, 3]),
      255,
    );
    const sides: [number, number] = [margin, margin];
    const mirrored = tf.mirrorPad(x, [sides, sides, [0, 0]], "reflect");
    return tf.sigmoid(
      unpadded.forward(tf.expandDims(mirrored) as tf.Tensor4D),
    ).dataSync();
  });
  for (const tile of [4, 7, 40]) {
    const { planes: { object } } = await segmentImage(
      image,
      predictorOf(unpadded),
      {
        tile,
        margin,
      },
    );
    assertEquals(object!.length, whole.length);
    object!.forEach((value, at) => assertAlmostEquals(value, whole[at]!, 1e-5));
  }
});
