import {
  getKernel,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";

/** One run of a kernel of this folder. */
export interface Run {
  /** Its input tensors by name. */
  readonly inputs: NamedTensorInfoMap;
  /** Its attributes. */
  readonly attrs: NamedAttrMap;
  /** The numbers of a tensor, not to be changed. */
  floats(tensor: TensorInfo): Float32Array;
  /** A new float32 tensor of these numbers. */
  output(shape: number[], values: Float32Array): TensorInfo;
  /** What the kernel that tfjs brought makes of the same. */
  stock(): TensorInfo;
}

/**
 * A kernel for tfjs' cpu backend, in the place of the one that is registered
 * now, if there is one.
 */
export function cpuKernel(
  kernelName: string,
  compute: (run: Run) => TensorInfo | TensorInfo[],
): KernelConfig {
  const backendName = "cpu";
  const replaced = getKernel(kernelName, backendName);
  return {
    kernelName,
    backendName,
    kernelFunc(params) {
      const backend = params.backend as MathBackendCPU;
      return compute({
        inputs: params.inputs,
        attrs: params.attrs!,
        floats(tensor) {
          const { values } = backend.data.get(tensor.dataId);
          // tfjs casts whole numbers and truth values to float32 in name only.
          return values instanceof Float32Array
            ? values
            : Float32Array.from(values as ArrayLike<number>);
        },
        output: (shape, values) =>
          backend.makeTensorInfo(shape, "float32", values),
        stock: () => replaced!.kernelFunc(params) as TensorInfo,
      });
    },
  };
}
