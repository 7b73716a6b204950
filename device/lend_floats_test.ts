import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { lendFloats } from "./lend_floats.ts";
import { testOnednn } from "./onednn/fixtures/test_onednn.ts";

Deno.test("lendFloats() lends nothing of a device that keeps numbers to itself", async () => {
  await tf.setBackend("cpu");
  assertEquals(lendFloats(tf.tensor1d([1, 2])), null);
});

testOnednn(
  "lendFloats() lends the numbers of a tensor in the order of oneDNN, and changing them changes the tensor",
  async (open) => {
    const device = await open();
    const x = tf.randomNormal([1, 8, 8, 32]) as tf.Tensor4D;
    const unit = tf.reshape(tf.eye(32), [1, 1, 32, 32]) as tf.Tensor4D;
    const y = tf.conv2d(x, unit, 1, "same");
    const { values, order } = lendFloats(y)!;
    assert(/^1,32,8,8\/.*\/1:16$/.test(order), order);
    const before = await y.data<"float32">();
    // In blocks of channels: other neighbors than in tfjs' order.
    assert(values.some((value, i) => value !== before[i]));
    values.forEach((value, i) => values[i] = 2 * value);
    assertEquals(await y.data(), before.map((value) => 2 * value));
    tf.dispose([x, unit, y]);
    await device.close();
  },
);

testOnednn(
  "lendFloats() lends no tensor whose numbers another one shares, and none of JavaScript's memory",
  async (open) => {
    const device = await open();
    const x = tf.randomNormal([1, 8, 8, 32]) as tf.Tensor4D;
    assertEquals(lendFloats(x), null);
    const unit = tf.reshape(tf.eye(32), [1, 1, 32, 32]) as tf.Tensor4D;
    const y = tf.conv2d(x, unit, 1, "same"), twin = tf.reshape(y, [64, 32]);
    assertEquals(lendFloats(y), null);
    twin.dispose();
    assertEquals(lendFloats(y)?.order, "rows");
    tf.dispose([x, unit, y]);
    await device.close();
  },
);
