import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { concatenate } from "./concatenate.ts";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";

const stored = blockCase("concatenate");
const join = (...[first, second]: tf.Tensor[]): tf.Tensor4D =>
  concatenate(first as tf.Tensor4D, second as tf.Tensor4D, true);

Deno.test("concatenate() has PyTorch's output and gradients", () => {
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(join)(
      [tensorOf(stored("first")), tensorOf(stored("second"))],
      tensorOf(stored("dy")),
    );
    assertClose(value, stored("y"), 1e-8);
    assertClose(grads[0]!, stored("dfirst"), 1e-7);
    assertClose(grads[1]!, stored("dsecond"), 1e-7);
  });
});

Deno.test("concatenate() gives the first gradient when nobody needs the second", () => {
  tf.tidy(() => {
    const second = tensorOf<tf.Rank.R4>(stored("second"));
    const { value, grad } = tf.valueAndGrad((first: tf.Tensor4D) =>
      concatenate(first, second, false)
    )(tensorOf<tf.Rank.R4>(stored("first")), tensorOf(stored("dy")));
    assertClose(value, stored("y"), 1e-8);
    assertClose(grad, stored("dfirst"), 1e-7);
  });
});

Deno.test("concatenate() frees all it takes, with gradients and without", () => {
  const inputs = [tensorOf(stored("first")), tensorOf(stored("second"))];
  const dy = tensorOf<tf.Rank.R4>(stored("dy"));
  assertNoLeak(() => join(...inputs).dispose());
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads(join)(inputs, dy.clone());
    tf.dispose([value, ...grads]);
  });
  tf.dispose([...inputs, dy]);
});
