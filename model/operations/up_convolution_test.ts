import "@tensorflow/tfjs-backend-cpu";
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";
import { upConvolution } from "./up_convolution.ts";

const stored = blockCase("up_convolution");
const names = ["x", "kernel", "bias"] as const;
const up = (...[x, kernel, bias]: tf.Tensor[]): tf.Tensor4D =>
  upConvolution(x as tf.Tensor4D, kernel!, bias!);

Deno.test("upConvolution() has the output and gradients of PyTorch's ConvTranspose2d", () => {
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(up)(
      names.map((name) => tensorOf(stored(name))),
      tensorOf(stored("dy")),
    );
    assertClose(value, stored("y"));
    grads.forEach((gradient, i) =>
      assertClose(gradient, stored(`d${names[i]}`))
    );
  });
});

Deno.test("upConvolution() spreads each pixel over its own 2×2 square", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 10], [1, 1, 2, 1]);
    const kernel = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
    const y = upConvolution(x, kernel, tf.tensor1d([0.5]));
    assertEquals(y.shape, [1, 2, 4, 1]);
    assertEquals(
      [...y.dataSync()],
      [1.5, 2.5, 10.5, 20.5, 3.5, 4.5, 30.5, 40.5],
    );
  });
});

Deno.test("upConvolution() frees all it takes, with gradients and without", () => {
  const inputs = names.map((name) => tensorOf(stored(name)));
  const dy = tensorOf<tf.Rank.R4>(stored("dy"));
  assertNoLeak(() => up(...inputs).dispose());
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads(up)(inputs, dy.clone());
    tf.dispose([value, ...grads]);
  });
  tf.dispose([...inputs, dy]);
});
