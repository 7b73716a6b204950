import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "@unet/random";
import { dropout } from "./dropout.ts";
import { assertNoLeak } from "../fixtures/blocks.ts";

Deno.test("dropout() drops the given share and scales up the rest", () => {
  tf.tidy(() => {
    const x = tf.fill<tf.Rank.R4>([2, 20, 20, 10], 3);
    const y = dropout(x, 0.25, createRandom(0)).dataSync();
    assertEquals(new Set(y), new Set([0, 4]));
    const dropped = y.filter((value) => value === 0).length / y.length;
    // Four standard errors.
    assertAlmostEquals(dropped, 0.25, 4 * Math.sqrt(0.25 * 0.75 / y.length));
  });
});

Deno.test("dropout() passes gradients where it passed features, scaled alike", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    const dy = tf.tensor4d([8, 7, 6, 5, 4, 3, 2, 1], [1, 2, 2, 2]);
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
      dropout(x, 0.5, createRandom(1))
    )(x, dy.clone());
    const factors = tf.div(value, x);
    assertEquals(new Set(factors.dataSync()), new Set([0, 2]));
    assertEquals(grad.dataSync(), tf.mul(factors, dy).dataSync());
  });
});

Deno.test("dropout() is decided by the random source alone", () => {
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 4]);
    const run = (seed: number) =>
      [...dropout(x, 0.5, createRandom(seed)).dataSync()].join();
    assertEquals(run(1), run(1));
    assertEquals(run(1) === run(2), false);
  });
});

Deno.test("dropout() at rate 0 changes nothing", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, -2, 3, 0.1], [1, 2, 2, 1]);
    assertEquals(dropout(x, 0, createRandom(0)).dataSync(), x.dataSync());
  });
});

Deno.test("dropout() frees all it takes, with gradients and without", () => {
  const x = tf.ones<tf.Rank.R4>([1, 4, 4, 4]);
  assertNoLeak(() => dropout(x, 0.5, createRandom(0)).dispose());
  assertNoLeak(() => {
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
      dropout(x, 0.5, createRandom(0))
    )(x, tf.onesLike(x));
    tf.dispose([value, grad]);
  });
  x.dispose();
});
