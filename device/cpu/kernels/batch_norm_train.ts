import type {
  KernelConfig,
  NamedAttrMap,
  TensorInfo,
} from "@tensorflow/tfjs-core";
import { type BatchNormTrainAttrs, fusedKernels } from "../../fused_kernels.ts";
import { cpuKernel } from "../_kernel.ts";
import { matrixOf, sumColumns } from "./_columns.ts";
import { cut } from "./_cut.ts";

type Attrs = NamedAttrMap & BatchNormTrainAttrs;

/** Batch norm on the batch's own statistics, with ReLU if asked. */
export function batchNormTrain(): KernelConfig {
  return cpuKernel(
    fusedKernels.batchNormTrain,
    ({ inputs, attrs, floats, output }) => {
      const { x, scale, offset } = inputs as Record<
        "x" | "scale" | "offset",
        TensorInfo
      >;
      const { epsilon, relu } = attrs as Attrs;
      const { rows, channels } = matrixOf(x);
      const values = floats(x), scales = floats(scale);
      const means = sumColumns(values, channels).map((sum) => sum / rows);
      const variances = sumSquares(values, means).map((sum) => sum / rows);
      const factors = variances.map((variance, c) =>
        scales[c]! / Math.sqrt(variance + epsilon)
      );
      const shifts = Float64Array.from(floats(offset));
      return [
        output(x.shape, normalize(values, { means, factors, shifts }, relu)),
        output([channels], Float32Array.from(means)),
        output([channels], Float32Array.from(variances)),
      ];
    },
  );
}

/** Sums of squared distances from the column's mean. */
function sumSquares(values: Float32Array, means: Float64Array): Float64Array {
  const channels = means.length;
  const sums = new Float64Array(channels);
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const centered = values[i + c]! - means[c]!;
      sums[c]! += centered * centered;
    }
  }
  return sums;
}

/** (x − mean) · factor + shift, and 0 instead of less if `relu` says so. */
function normalize(
  values: Float32Array,
  { means, factors, shifts }: Readonly<
    Record<"means" | "factors" | "shifts", Float64Array>
  >,
  relu: boolean,
): Float32Array {
  const channels = means.length;
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const y = (values[i + c]! - means[c]!) * factors[c]! + shifts[c]!;
      out[i + c] = relu && y < 0 ? 0 : y;
    }
  }
  return out;
}

/** The gradient of {@linkcode batchNormTrain}. */
export function batchNormTrainGrad(): KernelConfig {
  return cpuKernel(
    fusedKernels.batchNormTrainGrad,
    ({ inputs, attrs, floats, output }) => {
      const { dy, x, y, scale, mean, variance } = inputs as Record<
        "dy" | "x" | "y" | "scale" | "mean" | "variance",
        TensorInfo
      >;
      const { epsilon, relu } = attrs as Attrs;
      const { rows, channels } = matrixOf(x);
      const values = floats(x), scales = floats(scale);
      const means = Float64Array.from(floats(mean));
      const deviations = Float64Array.from(
        floats(variance),
        (variance) => Math.sqrt(variance + epsilon),
      );
      const passed = relu ? cut(floats(dy), floats(y)) : floats(dy);
      const sums = sumColumns(passed, channels);
      const products = sumProducts(passed, values, means);
      // x̂ = (x − mean) / deviation; a, b, c collect what multiplies g, what
      // multiplies x − mean, and the rest, of
      // dx = scale / deviation · (g − Σg / rows − x̂ · Σ(g·x̂) / rows).
      const a = deviations.map((deviation, c) => scales[c]! / deviation);
      const b = a.map((factor, c) =>
        -factor * products[c]! / (rows * deviations[c]! ** 2)
      );
      const c = a.map((factor, c) => -factor * sums[c]! / rows);
      return [
        output(x.shape, combine(passed, values, { means, a, b, c })),
        output(
          [channels],
          Float32Array.from(products, (sum, c) => sum / deviations[c]!),
        ),
        output([channels], Float32Array.from(sums)),
      ];
    },
  );
}

/** Σ g · (x − mean) of each column. */
function sumProducts(
  gradients: Float32Array,
  values: Float32Array,
  means: Float64Array,
): Float64Array {
  const channels = means.length;
  const sums = new Float64Array(channels);
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      sums[c]! += gradients[i + c]! * (values[i + c]! - means[c]!);
    }
  }
  return sums;
}

/** g · a + (x − mean) · b + c. */
function combine(
  gradients: Float32Array,
  values: Float32Array,
  { means, a, b, c }: Readonly<
    Record<"means" | "a" | "b" | "c", Float64Array>
  >,
): Float32Array {
  const channels = means.length;
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += channels) {
    for (let j = 0; j < channels; j++) {
      out[i + j] = gradients[i + j]! * a[j]! +
        (values[i + j]! - means[j]!) * b[j]! + c[j]!;
    }
  }
  return out;
}
