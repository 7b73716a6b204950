import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";
import { headConvolution } from "./head_convolution.ts";

const stored = blockCase("pointwise_convolution");
const names = ["x", "kernel", "bias"] as const;
const convolve = (...[x, kernel, bias]: tf.Tensor[]): tf.Tensor4D =>
  headConvolution(x as tf.Tensor4D, kernel!, bias!);

Deno.test("headConvolution() has the output and gradients of PyTorch's 1×1 Conv2d", () => {
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(convolve)(
      names.map((name) => tensorOf(stored(name))),
      tensorOf(stored("dy")),
    );
    assertClose(value, stored("y"));
    grads.forEach((gradient, i) =>
      assertClose(gradient, stored(`d${names[i]}`))
    );
  });
});

Deno.test("headConvolution() frees all it takes, with gradients and without", () => {
  const inputs = names.map((name) => tensorOf(stored(name)));
  const dy = tensorOf<tf.Rank.R4>(stored("dy"));
  assertNoLeak(() => convolve(...inputs).dispose());
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads(convolve)(inputs, dy.clone());
    tf.dispose([value, ...grads]);
  });
  tf.dispose([...inputs, dy]);
});
