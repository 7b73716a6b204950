import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import type { Model } from "./model.ts";
import { createModel } from "./create_model.ts";

await tf.setBackend("cpu");

const x = tf.randomUniform<tf.Rank.R4>([2, 64, 64, 3], 0, 1, "float32", 3);

/** The kernels of a backward pass, counted by name. */
async function countGradients(model: Model): Promise<Map<string, number>> {
  const { kernels } = await tf.profile(() => {
    const { value, grads } = tf.variableGrads(
      () =>
        tf.customGrad((y) => ({
          value: tf.sum(y as tf.Tensor),
          gradFunc: () => tf.ones([2, 64, 64, 1]),
        }))(model.forward(x, { training: true })) as tf.Scalar,
      model.trainable.map((name) => model.weights.get(name)!),
    );
    tf.dispose(grads);
    return value;
  });
  const counts = new Map<string, number>();
  for (const { name } of kernels) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

for (const batchNorm of [true, false]) {
  Deno.test(`a frozen encoder costs no backward pass, ${batchNorm ? "with" : "without"} batch norm`, async () => {
    const model = createModel(
      { width: 0.02, batchNorm, network: batchNorm ? "vgg16_bn" : "vgg16" },
      createRandom(0),
    );
    const count = async (frozen: boolean | number) => {
      model.freezeEncoder(frozen);
      assertEquals(model.plan.freezeEncoder, frozen);
      const counts = await countGradients(model);
      return ["Conv2DBackpropFilter", "MaxPoolGrad"].map((name) =>
        counts.get(name) ?? 0
      );
    };
    // 27 convolutions of 3×3, five up-convolutions, the head; without VGG's 13.
    assertEquals(await count(false), [33, 5]);
    assertEquals(await count(true), [20, 0]);
    // Without the seven of the first three blocks.
    assertEquals(await count(3), [26, 2]);
    assertEquals(await count(false), [33, 5]);
    model.dispose();
  });
}

Deno.test("batch norm that is frozen keeps its statistics, and trains neither scale nor offset", () => {
  const model = createModel(
    { width: 0.02, freezeBatchNorm: true },
    createRandom(0),
  );
  const statistics = () =>
    [...model.weights].filter(([name]) => name.includes("running_"))
      .map(([, tensor]) => tensor.dataSync().slice());
  const before = statistics();
  const logits = model.forward(x, { training: true });
  assertEquals(statistics(), before);
  const inferred = model.forward(x, { training: false });
  const difference = tf.max(tf.abs(tf.sub(logits, inferred))).dataSync()[0]!;
  assert(difference < 1e-4, `${difference}`);
  assert(model.trainable.includes("encoder.features.0.weight"));
  assert(!model.trainable.includes("encoder.features.1.weight"));
  assert(!model.trainable.includes("bottleneck.1.bias"));
  tf.dispose([logits, inferred]);
  model.dispose();
});
