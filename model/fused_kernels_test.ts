/**
 * The model on a backend with fused kernels: tfjs' cpu backend gets them in
 * plain loops, as the contract of `@unet/device/fused-kernels` words them.
 */
import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertGreater } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import {
  type BatchNormTrainAttrs,
  fusedKernels,
} from "@unet/device/fused-kernels";
import { createRandom } from "@unet/random";
import { assertClose } from "./fixtures/blocks.ts";
import { createModel } from "./create_model.ts";

type Values = Record<string, Float32Array>;
type Plain = (
  inputs: Values,
  attributes: BatchNormTrainAttrs,
) => Float32Array[];

function channelMeans(values: Float32Array, channels: number): Float32Array {
  const sums = new Float64Array(channels);
  values.forEach((value, i) => sums[i % channels]! += value);
  return Float32Array.from(sums, (sum) => sum * channels / values.length);
}

const kernels: Record<string, Plain> = {
  [fusedKernels.reluGrad]: ({ dy, y }) => [
    dy!.map((value, i) => y![i]! > 0 ? value : 0),
  ],
  [fusedKernels.batchNormTrain]: ({ x, scale, offset }, { epsilon, relu }) => {
    const channels = scale!.length;
    const mean = channelMeans(x!, channels);
    const squares = x!.map((value, i) => (value - mean[i % channels]!) ** 2);
    const variance = channelMeans(squares, channels);
    const y = x!.map((value, i) => {
      const c = i % channels;
      const deviation = Math.sqrt(variance[c]! + epsilon);
      const result = (value - mean[c]!) / deviation * scale![c]! + offset![c]!;
      return relu ? Math.max(0, result) : result;
    });
    return [y, mean, variance];
  },
  [fusedKernels.batchNormTrainGrad]: (
    { dy, x, y, scale, mean, variance },
    { epsilon, relu },
  ) => {
    const channels = scale!.length, rows = x!.length / channels;
    const cut = dy!.map((value, i) => relu && !(y![i]! > 0) ? 0 : value);
    const normalized = x!.map((value, i) =>
      (value - mean![i % channels]!) /
      Math.sqrt(variance![i % channels]! + epsilon)
    );
    const sums = channelMeans(cut, channels);
    const products = channelMeans(
      cut.map((value, i) => value * normalized[i]!),
      channels,
    );
    const dx = cut.map((value, i) => {
      const c = i % channels;
      return (value - sums[c]! - normalized[i]! * products[c]!) * scale![c]! /
        Math.sqrt(variance![c]! + epsilon);
    });
    return [
      dx,
      products.map((value) => value * rows),
      sums.map((value) => value * rows),
    ];
  },
};

/** Registers the kernels until the end of the scope, and counts their runs. */
function registerFusedKernels(): { runs: Map<string, number> } & Disposable {
  const runs = new Map<string, number>();
  for (const [kernelName, plain] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: "cpu",
      kernelFunc: ({ inputs, backend, attrs }) => {
        runs.set(kernelName, (runs.get(kernelName) ?? 0) + 1);
        const cpu = backend as MathBackendCPU;
        const given = Object.entries(inputs) as [string, tf.TensorInfo][];
        const values = Object.fromEntries(given.map(([name, { dataId }]) => [
          name,
          cpu.data.get(dataId).values as Float32Array,
        ]));
        const { shape } = given[0]![1];
        return plain(values, attrs as unknown as BatchNormTrainAttrs)
          .map((output, i) =>
            cpu.makeTensorInfo(
              i === 0 ? shape : [output.length],
              "float32",
              output,
            )
          );
      },
    });
  }
  return {
    runs,
    [Symbol.dispose]() {
      for (const kernelName of Object.keys(kernels)) {
        tf.unregisterKernel(kernelName, "cpu");
      }
    },
  };
}

/** Logits, gradients and running statistics of one training step. */
function trainOnce(batchNorm: boolean): Map<string, tf.Tensor> {
  const encoder = batchNorm ? "vgg16_bn" : "vgg16";
  const model = createModel(
    { width: 0.03, network: encoder, batchNorm },
    createRandom(0),
  );
  const random = createRandom(1);
  const x = tf.tensor4d(
    Float32Array.from({ length: 2 * 64 * 64 * 3 }, () => random.next()),
    [2, 64, 64, 3],
  );
  const results = new Map<string, tf.Tensor>();
  const { value, grads } = tf.variableGrads(() => {
    const logits = model.forward(x, { training: true });
    results.set("logits", tf.keep(logits.clone()));
    return tf.customGrad((y, save) => {
      (save as tf.GradSaveFunc)([y as tf.Tensor]);
      return {
        value: tf.mul(tf.sum(tf.square(y as tf.Tensor)), 0.5),
        gradFunc: (_: tf.Tensor, [y]: tf.Tensor[]) => y!.clone(),
      };
    })(logits) as tf.Scalar;
  }, model.trainable.map((name) => model.weights.get(name)!));
  for (const [name, variable] of model.weights) {
    results.set(
      name,
      grads[variable.name] ?? tf.tidy(() => tf.add(variable, 0)),
    );
  }
  tf.dispose([value, x]);
  model.dispose();
  return results;
}

for (const batchNorm of [true, false]) {
  const how = batchNorm ? "with" : "without";
  Deno.test(`forward() ${how} batch norm trains alike with fused kernels and composed ones`, () => {
    const composed = trainOnce(batchNorm);
    const before = tf.memory().numTensors;
    let fused: Map<string, tf.Tensor>;
    {
      using registered = registerFusedKernels();
      fused = trainOnce(batchNorm);
      const { runs } = registered;
      const blocks = 27;
      assertEquals(
        Object.keys(kernels).map((name) => runs.get(name) ?? 0),
        batchNorm ? [0, blocks, blocks] : [blocks, 0, 0],
      );
    }
    assertEquals(tf.memory().numTensors, before + fused.size);
    assertGreater(fused.size, 60);
    for (const [name, tensor] of fused) {
      const expected = composed.get(name)!;
      assertClose(tensor, {
        shape: expected.shape,
        values: [...expected.dataSync()],
      }, 1e-3);
    }
    tf.dispose([...composed.values(), ...fused.values()]);
  });
}
