import { Add, type KernelConfig, type TensorInfo } from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";

/** Sums of two: ours of an image and its channels' bias, else tfjs' own. */
export function add(): KernelConfig {
  return cpuKernel(Add, ({ inputs, floats, output, stock }) => {
    const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
    const [channels = 1] = b.shape;
    const ours = a.dtype === "float32" && b.dtype === "float32" &&
      a.shape.length === 4 && b.shape.length === 1 && a.shape[3] === channels;
    if (!ours) return stock();

    const values = floats(a), bias = floats(b);
    const out = new Float32Array(values.length);
    for (let i = 0; i < values.length; i += channels) {
      for (let c = 0; c < channels; c++) out[i + c] = values[i + c]! + bias[c]!;
    }
    return output(a.shape, out);
  });
}
