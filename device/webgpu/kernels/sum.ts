import {
  backend_util,
  getKernel,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** The sum over axes; tfjs' own fails where there is nothing to add. */
export function sum(): KernelConfig {
  const stock = getKernel("Sum", "webgpu");
  return {
    kernelName: "Sum",
    backendName: "webgpu",
    kernelFunc(params) {
      const { x } = params.inputs as { x: TensorInfo };
      if (!x.shape.includes(0)) return stock.kernelFunc(params);
      const { axis, keepDims } = params.attrs!;
      const axes = util.parseAxisParam(axis as number[], x.shape);
      const [short] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const shape = keepDims
        ? backend_util.expandShapeToKeepDim(short, axes)
        : short;
      const zeros = new Float32Array(util.sizeFromShape(shape));
      return (params.backend as WebGPUBackend)
        .makeTensorInfo(shape, "float32", zeros);
    },
  };
}
