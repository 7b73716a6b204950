/**
 * Gradients of tfjs' functions on every device there is, as a loss of one's
 * own would take them; the judge is tfjs' cpu backend without kernels of ours.
 */
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals } from "@std/assert";
import { devices } from "@unet/device";
import { registerGradients } from "@unet/device/gradients";
import { drawValues } from "./cases.ts";
import { callJudge, judge } from "./run_case.ts";
import { tryDevice } from "../try_device.ts";

const shape = [2, 5, 4, 3];
const mask = () =>
  tf.tensor(drawValues({ shape, dtype: "bool", range: [0, 2] }), shape, "bool");

type Function = (...x: tf.Tensor[]) => tf.Tensor;

/** Functions of images `[2, 5, 4, 3]`, one or two of them. */
const functions: Readonly<Record<string, Function>> = {
  "absolute value": (x) => tf.abs(x!),
  "sigmoid": (x) => tf.sigmoid(x!),
  "softplus": (x) => tf.softplus(x!),
  "logarithm": (x) => tf.log(tf.add(tf.square(x!), 1)),
  "exponential": (x) => tf.exp(x!),
  "hyperbolic tangent": (x) => tf.tanh(x!),
  "root": (x) => tf.sqrt(tf.add(tf.abs(x!), 0.5)),
  "ReLU": (x) => tf.relu(x!),
  "leaky ReLU": (x) => tf.leakyRelu(x!, 0.1),
  "clipping": (x) => tf.clipByValue(x!, -0.5, 0.5),
  "softmax": (x) => tf.softmax(x!),
  "mean": (x) => tf.mean(x!, [1, 2]),
  "sum": (x) => tf.sum(x!, 3, true),
  "maximum": (x) => tf.max(x!, [1, 2]),
  "transposition": (x) => tf.transpose(x!, [3, 0, 2, 1]),
  "slice": (x) => tf.slice(x!, [0, 1, 0, 1], [2, 3, 4, 2]),
  "padding": (x) => tf.pad(x!, [[0, 0], [1, 2], [0, 1], [0, 0]]),
  "tiling": (x) => tf.tile(x!, [1, 2, 1, 3]),
  "average pooling": (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, "valid"),
  "maximum pooling": (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"),
  "product": (x, y) => tf.mul(x!, y!),
  "quotient": (x, y) => tf.div(x!, tf.add(tf.square(y!), 1)),
  "difference": (x, y) => tf.sub(x!, tf.mean(y!, 0)),
  "squared difference": (x, y) => tf.squaredDifference(x!, y!),
  "the greater of two": (x, y) => tf.maximum(x!, y!),
  "choice": (x, y) => tf.where(mask(), x!, y!),
  "concatenation": (x, y) => tf.concat([x!, y!], 3),
  "matrix product": (x, y) => tf.matMul(x!, y!, false, true),
  "convolution": (x) =>
    tf.conv2d(
      x as tf.Tensor4D,
      tf.slice(x as tf.Tensor4D, [0, 0, 0, 0], [2, 2, 3, 3]),
      1,
      "same",
    ),
  "strided convolution": (x) =>
    tf.conv2d(
      x as tf.Tensor4D,
      tf.slice(x as tf.Tensor4D, [0, 0, 0, 0], [2, 2, 3, 3]),
      2,
      "valid",
    ),
};

/** The gradients of a weighted sum of a function's values. */
async function differentiate(
  device: string,
  body: Function,
): Promise<Float32Array[]> {
  await tf.setBackend(device);
  const before = tf.memory().numTensors;
  const inputs = Array.from(
    { length: body.length },
    (_, i) => tf.tensor(drawValues({ shape }, i + 1), shape),
  );
  const gradients = tf.tidy(() =>
    tf.grads((...x) => {
      const y = body(...x);
      const weights = drawValues({ shape: y.shape }, 9);
      return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
    })(inputs)
  );
  const values = await Promise.all(
    gradients.map((each) => each.data() as Promise<Float32Array>),
  );
  tf.dispose([...inputs, ...gradients]);
  assertEquals(tf.memory().numTensors, before, "tensors are left over");
  return values;
}

callJudge();
registerGradients();
for (const name of devices) {
  const device = await tryDevice(name);
  if (typeof device === "string") {
    Deno.test({
      name: `${name} differentiates, but is skipped: ${device}`,
      ignore: true,
      fn() {},
    });
    continue;
  }
  for (const [title, body] of Object.entries(functions)) {
    Deno.test(`${name} differentiates: ${title}`, async () => {
      const expected = await differentiate(judge, body);
      const actual = await differentiate(name, body);
      expected.forEach((values, input) => {
        const scale = Math.max(...values.map(Math.abs));
        values.forEach((value, i) => {
          const got = actual[input]![i]!;
          assert(
            Math.abs(got - value) <= 1e-5 * scale,
            `by input ${input}[${i}]: ${got}, expected ${value}`,
          );
        });
      });
    });
  }
}
