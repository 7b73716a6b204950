import "@tensorflow/tfjs-backend-cpu";
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";
import { upNearest } from "./up_nearest.ts";

const stored = blockCase("up_nearest");
const both = { needsGradient: true, needsSkipGradient: true };

await tf.setBackend("cpu");

function inputs(): [tf.Tensor4D, tf.Tensor4D] {
  return [
    tensorOf<tf.Rank.R4>(stored("x")),
    tensorOf<tf.Rank.R4>(stored("skip")),
  ];
}

Deno.test("upNearest() has PyTorch's output and gradients", () => {
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((x, skip) =>
      upNearest(x as tf.Tensor4D, { skip: skip as tf.Tensor4D, ...both })
    )(inputs(), tensorOf(stored("dy")));
    assertClose(value, stored("y"));
    assertClose(grads[0]!, stored("dx"));
    assertClose(grads[1]!, stored("dskip"));
  });
});

Deno.test("upNearest() repeats pixels without a skip connection", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor4D) =>
      upNearest(x, both)
    )(
      x,
      tf.tensor4d(Float32Array.from({ length: 16 }, (_, i) => i), [1, 4, 4, 1]),
    );
    const rows = [[1, 1, 2, 2], [3, 3, 4, 4]];
    assertEquals(
      [...value.dataSync()],
      [rows[0], rows[0], rows[1], rows[1]].flatMap((row) => row!),
    );
    assertEquals([...grad.dataSync()], [10, 18, 42, 50]);
  });
});

Deno.test("upNearest() frees all it takes, with gradients and without", () => {
  const [x, skip] = inputs(), dy = tensorOf(stored("dy"));
  assertNoLeak(() => upNearest(x, { skip, ...both }).dispose());
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads((x, skip) =>
      upNearest(x as tf.Tensor4D, { skip: skip as tf.Tensor4D, ...both })
    )([x, skip], dy.clone() as tf.Tensor4D);
    tf.dispose([value, ...grads]);
  });
  assertNoLeak(() => {
    const { value, grad } = tf.valueAndGrad((skip: tf.Tensor4D) =>
      upNearest(x, { skip, ...both, needsGradient: false })
    )(skip, dy.clone() as tf.Tensor4D);
    tf.dispose([value, grad]);
  });
  tf.dispose([x, skip, dy]);
});
