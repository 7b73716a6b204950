import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";
import { addRelu } from "./add_relu.ts";

const stored = blockCase("add_relu");
const both = { needsFirstGradient: true, needsSecondGradient: true };

function inputs(): [tf.Tensor4D, tf.Tensor4D] {
  return [
    tensorOf<tf.Rank.R4>(stored("first")),
    tensorOf<tf.Rank.R4>(stored("second")),
  ];
}

Deno.test("addRelu() has PyTorch's output and gradients", () => {
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((a, b) =>
      addRelu(a as tf.Tensor4D, b as tf.Tensor4D, both)
    )(inputs(), tensorOf(stored("dy")));
    assertClose(value, stored("y"));
    assertClose(grads[0]!, stored("dfirst"));
    assertClose(grads[1]!, stored("dsecond"));
  });
});

Deno.test("addRelu() gives one gradient alone, the same", () => {
  tf.tidy(() => {
    const [first, second] = inputs();
    const { grad } = tf.valueAndGrad((b: tf.Tensor4D) =>
      addRelu(first, b, { ...both, needsFirstGradient: false })
    )(second, tensorOf(stored("dy")));
    assertClose(grad, stored("dsecond"));
  });
});

Deno.test("addRelu() of the same features twice has twice the gradient", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, -2, 3], [1, 1, 3, 1]);
    const { grad } = tf.valueAndGrad((x: tf.Tensor4D) => addRelu(x, x, both))(
      x,
      tf.tensor4d([5, 6, 7], [1, 1, 3, 1]),
    );
    assertClose(grad, { shape: [1, 1, 3, 1], values: [10, 0, 14] });
  });
});

Deno.test("addRelu() frees all it takes", () => {
  const [first, second] = inputs(), dy = tensorOf(stored("dy"));
  assertNoLeak(() => addRelu(first, second, both).dispose());
  const none = { needsFirstGradient: false, needsSecondGradient: false };
  assertNoLeak(() => addRelu(first, second, none).dispose());
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads((a, b) =>
      addRelu(a as tf.Tensor4D, b as tf.Tensor4D, both)
    )([first, second], dy.clone() as tf.Tensor4D);
    tf.dispose([value, ...grads]);
  });
  tf.dispose([first, second, dy]);
});
