import "@tensorflow/tfjs-backend-cpu";
import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { foldBatchNorm, inferBlock, trainBlock } from "./convolution_block.ts";
import { foldFrozen } from "./frozen_batch_norm.ts";
import {
  assertClose,
  assertNoLeak,
  blockCase,
  tensorOf,
} from "../fixtures/blocks.ts";

const plain = blockCase("convolution");
const normalized = blockCase("convolution with batch norm");

function runningStatistics(): { mean: tf.Variable; variance: tf.Variable } {
  return tf.tidy(() => ({
    mean: tf.variable(tensorOf(normalized("running_mean")), false),
    variance: tf.variable(tensorOf(normalized("running_variance")), false),
  }));
}

/** Names of the trained tensors, in the order of PyTorch's gradients. */
const plainNames = ["x", "kernel", "bias"] as const;
const normalizedNames = [...plainNames, "scale", "offset"] as const;

function trainNormalized(
  statistics: { mean: tf.Variable; variance: tf.Variable },
  needsInputGradient = true,
): (...tensors: tf.Tensor[]) => tf.Tensor4D {
  return (x, kernel, bias, scale, offset) =>
    trainBlock(
      x as tf.Tensor4D,
      {
        kernel: kernel!,
        bias: bias!,
        batchNorm: { scale: scale!, offset: offset!, ...statistics },
      },
      { needsInputGradient },
    );
}

const trainPlain = (...[x, kernel, bias]: tf.Tensor[]): tf.Tensor4D =>
  trainBlock(x as tf.Tensor4D, { kernel: kernel!, bias: bias! });

Deno.test("trainBlock() without batch norm has PyTorch's output and gradients", () => {
  tf.tidy(() => {
    const inputs = plainNames.map((name) => tensorOf(plain(name)));
    const { value, grads } = tf.valueAndGrads(trainPlain)(
      inputs,
      tensorOf(plain("dy")),
    );
    assertClose(value, plain("y"));
    grads.forEach((gradient, i) =>
      assertClose(gradient, plain(`d${plainNames[i]}`))
    );
  });
});

Deno.test("trainBlock() with batch norm has PyTorch's output, gradients and statistics", () => {
  const statistics = runningStatistics();
  tf.tidy(() => {
    const inputs = normalizedNames.map((name) => tensorOf(normalized(name)));
    const { value, grads } = tf.valueAndGrads(trainNormalized(statistics))(
      inputs,
      tensorOf(normalized("dy")),
    );
    assertClose(value, normalized("y"));
    grads.forEach((gradient, i) =>
      assertClose(gradient, normalized(`d${normalizedNames[i]}`), 4e-6)
    );
  });
  assertClose(statistics.mean, normalized("next_mean"));
  assertClose(statistics.variance, normalized("next_variance"));
  tf.dispose([statistics.mean, statistics.variance]);
});

Deno.test("trainBlock() gives the same weight gradients without the input's", () => {
  const statistics = runningStatistics();
  tf.tidy(() => {
    const [x, ...weights] = normalizedNames.map((name) =>
      tensorOf(normalized(name))
    );
    const train = trainNormalized(statistics, false);
    const { value, grads } = tf.valueAndGrads((...tensors) =>
      train(x!, ...tensors)
    )(weights, tensorOf(normalized("dy")));
    assertClose(value, normalized("y"));
    grads.forEach((gradient, i) =>
      assertClose(gradient, normalized(`d${normalizedNames[i + 1]}`), 4e-6)
    );
  });
  tf.dispose([statistics.mean, statistics.variance]);
});

Deno.test("inferBlock() has PyTorch's output in evaluation mode", () => {
  const statistics = runningStatistics();
  const weights = (stored: typeof plain) => ({
    kernel: tensorOf(stored("kernel")),
    bias: tensorOf(stored("bias")),
  });
  tf.tidy(() => {
    const x = tensorOf<tf.Rank.R4>(normalized("x"));
    const folded = foldBatchNorm({
      ...weights(normalized),
      batchNorm: {
        scale: tensorOf(normalized("scale")),
        offset: tensorOf(normalized("offset")),
        ...statistics,
      },
    });
    const y = inferBlock(x, folded);
    assertClose(y, normalized("evaluated"));
    assertClose(
      inferBlock(tensorOf<tf.Rank.R4>(plain("x")), weights(plain)),
      plain("y"),
    );
  });
  assertClose(statistics.mean, normalized("running_mean"));
  assertClose(statistics.variance, normalized("running_variance"));
  tf.dispose([statistics.mean, statistics.variance]);
});

Deno.test("inferBlock() equals trainBlock() when running statistics are the batch's", () => {
  const statistics = runningStatistics();
  tf.tidy(() => {
    const [x, kernel, bias, scale, offset] = normalizedNames.map((name) =>
      tensorOf(normalized(name))
    ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor, tf.Tensor, tf.Tensor];
    const z = tf.add(tf.conv2d(x, kernel, 1, "same"), bias);
    const { mean, variance } = tf.moments(z, [0, 1, 2]);
    statistics.mean.assign(mean);
    statistics.variance.assign(variance);
    const batchNorm = { scale, offset, ...statistics };
    const inferred = inferBlock(x, foldBatchNorm({ kernel, bias, batchNorm }));
    const trained = trainBlock(x, { kernel, bias, batchNorm });
    assertClose(inferred, {
      shape: trained.shape,
      values: [...trained.dataSync()],
    });
  });
  tf.dispose([statistics.mean, statistics.variance]);
});

Deno.test("blocks keep any size, down to one pixel", () => {
  const statistics = runningStatistics();
  for (const [height, width] of [[1, 1], [1, 9], [3, 2]] as const) {
    tf.tidy(() => {
      const weights = {
        kernel: tensorOf(normalized("kernel")),
        bias: tensorOf(normalized("bias")),
      };
      const batchNorm = {
        scale: tensorOf(normalized("scale")),
        offset: tensorOf(normalized("offset")),
        ...statistics,
      };
      const x = tf.ones<tf.Rank.R4>([2, height, width, 3]);
      for (const block of [weights, { ...weights, batchNorm }]) {
        const outputs = [inferBlock(x, block), trainBlock(x, block)];
        for (const y of outputs) assertEquals(y.shape, [2, height, width, 4]);
      }
    });
  }
  tf.dispose([statistics.mean, statistics.variance]);
});

Deno.test("blocks free all they take, in inference and in training", () => {
  const statistics = runningStatistics();
  const inputs = normalizedNames.map((name) => tensorOf(normalized(name)));
  const [x, kernel, bias, scale, offset] = inputs as [
    tf.Tensor4D,
    ...tf.Tensor[],
  ];
  const dy = tensorOf<tf.Rank.R4>(normalized("dy"));
  const batchNorm = { scale: scale!, offset: offset!, ...statistics };
  const weights = { kernel: kernel!, bias: bias! };
  for (const block of [weights, { ...weights, batchNorm }]) {
    assertNoLeak(() => inferBlock(x, block).dispose());
    assertNoLeak(() => trainBlock(x, block).dispose());
  }
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads(trainNormalized(statistics))(
      inputs,
      dy.clone(),
    );
    tf.dispose([value, ...grads]);
  });
  assertNoLeak(() => {
    const { value, grads } = tf.valueAndGrads(trainPlain)(
      inputs.slice(0, 3),
      dy.clone(),
    );
    tf.dispose([value, ...grads]);
  });
  tf.dispose([...inputs, dy, statistics.mean, statistics.variance]);
});

Deno.test("inferBlock() keeps nothing for a gradient", () => {
  tf.tidy(() => {
    const x = tensorOf<tf.Rank.R4>(plain("x"));
    const weights = {
      kernel: tensorOf(plain("kernel")),
      bias: tensorOf(plain("bias")),
    };
    const scalar = tf.scalar(2);
    let held = 0;
    tf.grad((factor) => {
      const before = tf.memory().numDataBuffers;
      inferBlock(x, weights).dispose();
      held = tf.memory().numDataBuffers - before;
      return tf.customGrad((factor) => ({
        value: (factor as tf.Tensor).clone(),
        gradFunc: (dy: tf.Tensor) => dy.clone(),
      }))(factor);
    })(scalar);
    assertEquals(held, 0);
  });
});

for (
  const [name, relu] of [
    ["strided convolution", true],
    ["strided 7×7 convolution", true],
    ["strided 1×1 convolution without ReLU", false],
  ] as const
) {
  const stored = blockCase(name), options = { stride: 2, relu } as const;
  const statistics = () =>
    tf.tidy(() => ({
      mean: tf.variable(tensorOf(stored("running_mean")), false),
      variance: tf.variable(tensorOf(stored("running_variance")), false),
    }));

  Deno.test(`trainBlock() without bias has PyTorch's output, gradients and statistics: ${name}`, () => {
    const running = statistics();
    tf.tidy(() => {
      const names = ["x", "kernel", "scale", "offset"];
      const { value, grads } = tf.valueAndGrads((x, kernel, scale, offset) =>
        trainBlock(x as tf.Tensor4D, {
          kernel: kernel!,
          batchNorm: { scale: scale!, offset: offset!, ...running },
        }, options)
      )(names.map((each) => tensorOf(stored(each))), tensorOf(stored("dy")));
      assertClose(value, stored("y"), 4e-6);
      grads.forEach((gradient, i) =>
        assertClose(gradient, stored(`d${names[i]}`), 4e-6)
      );
    });
    assertClose(running.mean, stored("next_mean"));
    assertClose(running.variance, stored("next_variance"));
    tf.dispose([running.mean, running.variance]);
  });

  Deno.test(`inferBlock() without bias has PyTorch's output in evaluation mode: ${name}`, () => {
    const running = statistics();
    tf.tidy(() => {
      const [scale, offset] = ["scale", "offset"].map((each) =>
        tensorOf(stored(each))
      );
      const folded = foldBatchNorm({
        kernel: tensorOf(stored("kernel")),
        batchNorm: { scale: scale!, offset: offset!, ...running },
      });
      const x = tensorOf<tf.Rank.R4>(stored("x"));
      assertClose(inferBlock(x, folded, options), stored("evaluated"), 4e-6);
    });
    tf.dispose([running.mean, running.variance]);
  });

  Deno.test(`trainBlock() with batch norm frozen equals inferBlock(): ${name}`, () => {
    const running = statistics();
    tf.tidy(() => {
      const [scale, offset] = ["scale", "offset"].map((each) =>
        tensorOf(stored(each))
      );
      const kernel = tensorOf(stored("kernel"));
      const x = tensorOf<tf.Rank.R4>(stored("x"));
      const block = {
        kernel,
        batchNorm: { scale: scale!, offset: offset!, ...running },
      };
      const { value, grads } = tf.valueAndGrads((kernel) =>
        trainBlock(x, foldFrozen({ ...block, kernel: kernel! }), options)
      )([kernel], tensorOf(stored("dy")));
      assertClose(value, stored("evaluated"), 4e-6);
      assertEquals(grads[0]!.shape, kernel.shape);
    });
    tf.dispose([running.mean, running.variance]);
  });
}
