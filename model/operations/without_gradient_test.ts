import "@tensorflow/tfjs-backend-cpu";
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { withoutGradient } from "./without_gradient.ts";

Deno.test("withoutGradient() keeps tfjs from saving inputs that a registered gradient asks for", () => {
  tf.registerGradient({
    kernelName: "Square",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({
      x: () => tf.mul(dy as tf.Tensor, tf.mul(x!, 2)),
    }),
  });
  const heldAfter = (compute: (x: tf.Tensor4D) => tf.Tensor4D): number => {
    let held = 0;
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
      tf.valueAndGrad((x: tf.Tensor4D) => {
        const before = tf.memory().numTensors;
        compute(x).dispose();
        held = tf.memory().numTensors - before;
        return tf.square<tf.Tensor4D>(x);
      })(x, tf.onesLike(x));
    });
    return held;
  };
  assertEquals(heldAfter((x) => tf.square(x)), 1);
  assertEquals(heldAfter((x) => withoutGradient(() => tf.square(x))), 0);
  tf.unregisterGradient("Square");
});

Deno.test("withoutGradient() gives the value and frees what it took on the way", () => {
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const before = tf.memory().numTensors;
  const y = withoutGradient(() => tf.add(tf.mul(tf.add(x, 1), 2), 3));
  assertEquals([...y.dataSync()], [7, 9, 11, 13]);
  assertEquals(tf.memory().numTensors, before + 1);
  tf.dispose([x, y]);
});
