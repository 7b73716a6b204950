import "@tensorflow/tfjs-backend-cpu";
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { registerGradients } from "@unet/device/gradients";
import { createModel } from "../create_model.ts";
import { createRandom } from "@unet/random";

await tf.setBackend("cpu");
registerGradients();

Deno.test("forward() with onGradient reports each gradient once, as the backward pass has it, the last layers first", () => {
  const model = createModel({ width: 0.02 }, createRandom(0));
  const reported = new Map<string, Float32Array>(), order: string[] = [];
  const names = model.trainable;
  const { grads } = tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([1, 32, 32, 3]);
    return tf.variableGrads(
      () =>
        tf.mean(tf.square(model.forward(x, {
          training: true,
          onGradient(name, gradient) {
            order.push(name);
            reported.set(name, gradient.dataSync<"float32">().slice());
          },
        }))),
      names.map((name) => model.weights.get(name)!),
    );
  });
  assertEquals(order.toSorted(), names.toSorted());
  assertEquals(order.indexOf(names.at(-1)!) < order.indexOf(names[0]!), true);
  for (const name of names) {
    const expected = grads[model.weights.get(name)!.name]!;
    assertEquals(reported.get(name), expected.dataSync<"float32">());
  }
  tf.dispose(grads);
  model.dispose();
});
