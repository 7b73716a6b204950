import {
  Add,
  type KernelConfig,
  Multiply,
  Sub,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";

/** a + b: see {@linkcode ofTwo}. */
export function add(): KernelConfig {
  return ofTwo(Add, (a, b, out) => {
    for (let i = 0; i < a.length; i += b.length) {
      for (let j = 0; j < b.length; j++) out[i + j] = a[i + j]! + b[j]!;
    }
  });
}

/** a − b: see {@linkcode ofTwo}. */
export function sub(): KernelConfig {
  return ofTwo(Sub, (a, b, out) => {
    for (let i = 0; i < a.length; i += b.length) {
      for (let j = 0; j < b.length; j++) out[i + j] = a[i + j]! - b[j]!;
    }
  });
}

/** a · b: see {@linkcode ofTwo}. */
export function multiply(): KernelConfig {
  return ofTwo(Multiply, (a, b, out) => {
    for (let i = 0; i < a.length; i += b.length) {
      for (let j = 0; j < b.length; j++) out[i + j] = a[i + j]! * b[j]!;
    }
  });
}

/**
 * Two floats at a time: ours where b has the last axes of a, so that b is a
 * number, one number per channel or as large as a; else tfjs' own.
 *
 * @param kernelName The kernel.
 * @param compute Goes through a, and through b again and again.
 */
function ofTwo(
  kernelName: string,
  compute: (a: Float32Array, b: Float32Array, out: Float32Array) => void,
): KernelConfig {
  return cpuKernel(kernelName, ({ inputs, floats, output, stock }) => {
    const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
    const before = a.shape.length - b.shape.length;
    const ours = a.dtype === "float32" && b.dtype === "float32" &&
      before >= 0 && b.shape.every((n, axis) => n === a.shape[before + axis]);
    if (!ours) return stock();
    const values = floats(a);
    const out = new Float32Array(values.length);
    compute(values, floats(b), out);
    return output(a.shape, out);
  });
}
