import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import {
  normalizeBatch,
  normalizeBatchGradients,
  reluGradient,
  updateStatistics,
} from "./batch_norm.ts";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";

for (const name of ["batch_norm", "batch_norm of two values"]) {
  const stored = blockCase(name);
  const given = <R extends tf.Rank>(tensor: string) =>
    tensorOf<R>(stored(tensor));
  // A variance of two values close together magnifies rounding.
  const tolerance = name === "batch_norm" ? 2e-6 : 1e-4;

  Deno.test(`normalizeBatch() normalizes as PyTorch does: ${name}`, () => {
    tf.tidy(() => {
      const { y, mean, variance } = normalizeBatch(
        given<tf.Rank.R4>("x"),
        { scale: given("scale"), offset: given("offset") },
      );
      assertClose(y, stored("y"), tolerance);
      assertClose(mean, stored("batch_mean"));
      assertClose(variance, stored("batch_variance"));
    });
  });

  Deno.test(`normalizeBatchGradients() has PyTorch's gradients: ${name}`, () => {
    tf.tidy(() => {
      const x = given<tf.Rank.R4>("x"), scale = given("scale");
      const batch = normalizeBatch(x, { scale, offset: given("offset") });
      const { dz, dscale, doffset } = normalizeBatchGradients(
        given<tf.Rank.R4>("dy"),
        x,
        { scale, batch },
      );
      assertClose(dz, stored("dx"), tolerance);
      assertClose(dscale, stored("dscale"), tolerance);
      assertClose(doffset, stored("doffset"), tolerance);
    });
  });

  Deno.test(`updateStatistics() moves running statistics as PyTorch does: ${name}`, () => {
    const running = {
      mean: tf.variable(given("running_mean"), false),
      variance: tf.variable(given("running_variance"), false),
    };
    tf.tidy(() => {
      const x = given<tf.Rank.R4>("x");
      const batch = normalizeBatch(x, {
        scale: given("scale"),
        offset: given("offset"),
      });
      updateStatistics(running, batch, { count: x.size / x.shape[3] });
    });
    assertClose(running.mean, stored("next_mean"));
    assertClose(running.variance, stored("next_variance"));
    tf.dispose([running.mean, running.variance]);
  });
}

Deno.test("updateStatistics() adds the bias that batch norm cancels to the mean alone", () => {
  const mean = tf.variable(tf.tensor1d([1]), false);
  const variance = tf.variable(tf.tensor1d([2]), false);
  const batch = {
    y: tf.zeros<tf.Rank.R4>([1, 1, 1, 1]),
    mean: tf.tensor1d([3]),
    variance: tf.tensor1d([4]),
  };
  updateStatistics({ mean, variance }, batch, {
    shift: tf.tensor1d([10]),
    count: 5,
  });
  assertAlmostEquals(mean.dataSync()[0]!, 0.9 * 1 + 0.1 * 13, 1e-6);
  assertAlmostEquals(variance.dataSync()[0]!, 0.9 * 2 + 0.1 * 4 * 5 / 4, 1e-6);
});

Deno.test("updateStatistics() stays finite when a channel has a single value", () => {
  const mean = tf.variable(tf.tensor1d([0]), false);
  const variance = tf.variable(tf.tensor1d([1]), false);
  tf.tidy(() => {
    const one = tf.tensor1d([1]);
    const batch = normalizeBatch(tf.tensor4d([7], [1, 1, 1, 1]), {
      scale: one,
      offset: one,
    });
    assertEquals([...batch.y.dataSync()], [1]);
    updateStatistics({ mean, variance }, batch, { count: 1 });
  });
  assertAlmostEquals(mean.dataSync()[0]!, 0.7, 1e-6);
  assertAlmostEquals(variance.dataSync()[0]!, 0.9, 1e-6);
});

Deno.test("normalizeBatchGradients() agrees with finite differences", () => {
  const random = createRandom(11);
  const draw = (length: number) =>
    Float32Array.from({ length }, () => random.normal());
  const shape: [number, number, number, number] = [3, 3, 5, 2];
  const size = 90;
  const values = draw(size), weights = draw(size);
  const scale = Float32Array.of(1.5, -0.7);
  // Far above 0, where ReLU has no kink.
  const offset = Float32Array.of(9, 9);
  const loss = (): number =>
    tf.tidy(() => {
      const { y } = normalizeBatch(
        tf.tensor4d(values, shape),
        { scale: tf.tensor1d(scale), offset: tf.tensor1d(offset) },
      );
      const outputs = y.dataSync<"float32">();
      return outputs.reduce((sum, v, i) => sum + v * weights[i]!, 0);
    });
  const slope = (array: Float32Array, index: number): number => {
    const value = array[index]!, step = 0.02;
    array[index] = value + step;
    const above = loss();
    array[index] = value - step;
    const below = loss();
    array[index] = value;
    return (above - below) / (2 * step);
  };
  tf.tidy(() => {
    const z = tf.tensor4d(values.slice(), shape);
    const gamma = tf.tensor1d(scale.slice());
    const batch = normalizeBatch(z, {
      scale: gamma,
      offset: tf.tensor1d(offset.slice()),
    });
    const { dz, dscale, doffset } = normalizeBatchGradients(
      tf.tensor4d(weights, shape),
      z,
      { scale: gamma, batch },
    );
    const near = (array: Float32Array, gradient: tf.Tensor) =>
      gradient.dataSync().forEach((expected, i) =>
        assertLess(Math.abs(slope(array, i) - expected), 2e-3)
      );
    near(values, dz);
    near(scale, dscale);
    near(offset, doffset);
  });
});

Deno.test("normalizeBatch() gives every channel mean 0 and deviation 1 before scale and offset", () => {
  const random = createRandom(4);
  // Odd in every dimension, channels apart by orders of magnitude.
  const shape: [number, number, number, number] = [3, 5, 7, 3];
  const z = tf.tensor4d(
    Float32Array.from(
      { length: 315 },
      (_, i) => random.normal() * 10 ** (i % 3) + 50 * (i % 3),
    ),
    shape,
  );
  tf.tidy(() => {
    const { y } = normalizeBatch(z, {
      scale: tf.ones([3]),
      offset: tf.fill([3], 20),
    });
    const { mean, variance } = tf.moments(y, [0, 1, 2]);
    mean.dataSync().forEach((value) => assertAlmostEquals(value, 20, 1e-4));
    variance.dataSync().forEach((value) => assertAlmostEquals(value, 1, 1e-3));
  });
  z.dispose();
});

Deno.test("reluGradient() passes where the output is positive, and nowhere else", () => {
  tf.tidy(() => {
    const dy = tf.tensor4d([1, 2, 3, -4], [1, 2, 2, 1]);
    const y = tf.tensor4d([0, 1e-30, 5, 2], [1, 2, 2, 1]);
    assertEquals([...reluGradient(dy, y).dataSync()], [0, 2, 3, -4]);
  });
});

Deno.test("batch norm leaves nothing behind but what it returns", () => {
  const z = tf.randomNormal<tf.Rank.R4>([2, 3, 5, 4], 0, 1, "float32", 1);
  const [scale, offset] = [tf.ones([4]), tf.zeros([4])];
  const running = tf.tidy(() => ({
    mean: tf.variable(tf.zeros([4]), false),
    variance: tf.variable(tf.ones([4]), false),
  }));
  assertNoLeak(() => {
    const batch = normalizeBatch(z, { scale, offset });
    updateStatistics(running, batch, { shift: offset, count: 30 });
    const gradients = normalizeBatchGradients(z, z, { scale, batch });
    tf.dispose([{ ...batch }, { ...gradients }]);
  });
  tf.dispose([z, scale, offset, running.mean, running.variance]);
});
