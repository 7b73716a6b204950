import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals } from "@std/assert";
import { fusedKernels } from "../fused_kernels.ts";
import { runKernel } from "../run_kernel.ts";
import { testOnednn } from "./fixtures/test_onednn.ts";

testOnednn(
  "onednn keeps tensors of other types and shapes than its own kernels'",
  async (open) => {
    const device = await open();
    const results = tf.tidy(() => {
      const whole = tf.tensor2d([[1, 2], [3, 4]], [2, 2], "int32");
      const yes = tf.greater(whole, 2);
      const words = tf.tensor1d(["a", "b"], "string");
      const features = tf.conv2d(
        tf.ones([1, 4, 4, 16]) as tf.Tensor4D,
        tf.ones([1, 1, 16, 16]) as tf.Tensor4D,
        1,
        "same",
      );
      // Stored in blocks of channels, read in another shape.
      const rows = tf.reshape(features, [16, 16]);
      return [
        [...yes.dataSync()],
        words.dataSync(),
        [...tf.sum(rows, 1).dataSync()],
        [...tf.slice(features, [0, 1, 1, 3], [1, 1, 2, 2]).dataSync()],
        tf.tensor([], [0, 3]).dataSync().length,
      ];
    });
    assertEquals(results, [
      [0, 0, 1, 1],
      ["a", "b"],
      new Array(16).fill(256),
      [16, 16, 16, 16],
      0,
    ]);
    await device.close();
  },
);

testOnednn(
  "onednn keeps the order of channels from layout to layout",
  async (open) => {
    const device = await open();
    const x = tf.reshape(tf.range(0, 2 * 3 * 5 * 32), [
      2,
      3,
      5,
      32,
    ]) as tf.Tensor4D;
    const unit = tf.reshape(tf.eye(32), [1, 1, 32, 32]) as tf.Tensor4D;
    const y = tf.conv2d(x, unit, 1, "same");
    assertEquals([...y.dataSync()], [...x.dataSync()]);
    const turned = tf.transpose(y, [0, 3, 1, 2]);
    assertEquals(turned.dataSync()[15], 1);
    tf.dispose([x, unit, y, turned]);
    await device.close();
  },
);

testOnednn("onednn computes the same bits with fewer threads", async (open) => {
  let device = await open();
  const { count } = device.threads!;
  const results: unknown[] = [];
  for (const threads of [count, 1, Math.ceil(count / 2)]) {
    device.threads!.use(threads);
    assertEquals(device.threads!.count, count);
    const y = tf.tidy(() => {
      const values = tf.sin(tf.range(0, 64 * 48 * 16));
      const x = tf.reshape(values, [1, 64, 48, 16]);
      const kernel = tf.reshape(tf.cos(tf.range(0, 9 * 256)), [3, 3, 16, 16]);
      const [features, filter] = [x as tf.Tensor4D, kernel as tf.Tensor4D];
      const convolved = tf.relu(tf.conv2d(features, filter, 1, "same"));
      return tf.conv2d(tf.maxPool(convolved, 2, 2, "valid"), filter, 1, "same");
    });
    results.push(y.dataSync());
    y.dispose();
  }
  assertEquals(results[1], results[0]);
  assertEquals(results[2], results[0]);
  await device.close();
  // Whoever opens it next has all threads again.
  device = await open();
  assertEquals(device.threads!.count, count);
  await device.close();
});

testOnednn("onednn reports what computed each kernel", async (open) => {
  const device = await open();
  device.trace!.begin();
  tf.tidy(() => {
    const x = tf.ones([1, 8, 8, 16]) as tf.Tensor4D;
    tf.conv2d(x, tf.ones([3, 3, 16, 16]) as tf.Tensor4D, 1, "same");
    tf.cumsum(tf.ones([4]));
  });
  const { kernels, primitives } = device.trace!.end();
  const by = Object.fromEntries(kernels.map((row) => [row.name, row.by]));
  assertEquals([by.Conv2D, by.Cumsum], ["oneDNN", "tfjs cpu"]);
  const row = primitives.find(({ name }) => name.startsWith("convolution"))!;
  assertEquals(row.operations, 2 * 64 * 9 * 256);
  assert(!row.by.startsWith("ref"));
  await device.close();
});

testOnednn(
  "onednn changes weights in place only where nobody else holds them",
  async (open) => {
    const device = await open();
    const attributes = {
      learningRate: 1,
      momentum: 0.5,
      dampening: 0,
      weightDecay: 0,
      nesterov: false,
    };
    const gradient = tf.tensor1d([1, 2, 3]);
    const step = (parameter: tf.Tensor): tf.Tensor[] =>
      runKernel(fusedKernels.sgdStep, { parameter, gradient }, attributes);
    const held = tf.tensor1d([5, 5, 5]), other = tf.clone(held);
    const first = step(held);
    assertEquals([...first[0]!.dataSync()], [4, 3, 2]);
    assertEquals([...other.dataSync()], [5, 5, 5]);
    // The velocity began as the gradient, whose memory stays its own.
    const second = runKernel(fusedKernels.sgdStep, {
      parameter: first[0]!,
      gradient,
      velocity: first[1]!,
    }, attributes);
    assertEquals(second.map((tensor) => [...tensor.dataSync()]), [
      [2.5, 0, -2.5],
      [1.5, 3, 4.5],
    ]);
    assertEquals([...gradient.dataSync()], [1, 2, 3]);
    tf.dispose([held, other, gradient, ...first, ...second]);
    await device.close();
  },
);
