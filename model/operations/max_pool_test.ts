import "@tensorflow/tfjs-backend-cpu";
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";
import { maxPool } from "./max_pool.ts";

for (
  const [name, size] of [
    ["max_pool", 2],
    ["max_pool with ties", 2],
    ["max_pool of 3×3", 3],
  ] as const
) {
  const stored = blockCase(name);
  Deno.test(`maxPool() has PyTorch's output and gradient: ${name}`, () => {
    tf.tidy(() => {
      const x = tensorOf<tf.Rank.R4>(stored("x"));
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
        maxPool(x, { size, needsGradient: true })
      )(x, tensorOf(stored("dy")));
      assertClose(value, stored("y"), 1e-8);
      assertClose(grad, stored("dx"), 1e-6);
      assertClose(
        maxPool(x, { size, needsGradient: false }),
        stored("y"),
        1e-8,
      );
    });
  });
}

Deno.test("maxPool() hands a tie's whole gradient to the first of the equals", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([0, 0, 0, 0, 1, 2, 2, 1], [2, 2, 2, 1]);
    const { grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
      maxPool(x, { size: 2, needsGradient: true })
    )(
      x,
      tf.tensor4d([5, 7], [2, 1, 1, 1]),
    );
    assertEquals([...grad.dataSync()], [5, 0, 0, 0, 0, 7, 0, 0]);
  });
});

Deno.test("maxPool() frees all it takes, and keeps its input only for a gradient", () => {
  const stored = blockCase("max_pool");
  const x = tensorOf<tf.Rank.R4>(stored("x"));
  const dy = tensorOf<tf.Rank.R4>(stored("dy"));
  for (const needsGradient of [true, false]) {
    assertNoLeak(() => maxPool(x, { size: 2, needsGradient }).dispose());
  }
  assertNoLeak(() => {
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
      maxPool(x, { size: 2, needsGradient: true })
    )(x, dy.clone());
    tf.dispose([value, grad]);
  });
  const held = (needsGradient: boolean): number => {
    let count = 0;
    tf.valueAndGrad((x: tf.Tensor4D) => {
      const copy = tf.add<tf.Tensor4D>(x, 0);
      const before = tf.memory().numDataBuffers;
      const y = maxPool(copy, { size: 2, needsGradient });
      tf.dispose([copy, y]);
      count = tf.memory().numDataBuffers - before;
      return maxPool(x, { size: 2, needsGradient: true });
    })(x, dy.clone());
    return count;
  };
  tf.tidy(() => {
    assertEquals(held(false), -1);
    assertEquals(held(true), 1);
  });
  tf.dispose([x, dy]);
});
