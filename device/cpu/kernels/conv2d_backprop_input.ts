import {
  Conv2DBackpropInput,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { multiply } from "./_multiply.ts";
import {
  addPatches,
  type ConvolutionAttrs,
  inBlocks,
  patchSize,
  windowsOf,
} from "./_patches.ts";

/**
 * The gradient of a convolution's input, which is the transposed convolution
 * as well: ours with the channels last, else tfjs' own. dy times the turned
 * filter gives a patch for every window, to be added where it lies.
 */
export function conv2DBackpropInput(): KernelConfig {
  return cpuKernel(
    Conv2DBackpropInput,
    ({ inputs, attrs, floats, output, stock }) => {
      const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
      const { dataFormat, inputShape, ...given } = attrs as
        & NamedAttrMap
        & ConvolutionAttrs
        & { inputShape: number[] };
      if (dataFormat !== "NHWC") return stock();

      const windows = windowsOf(inputShape, filter.shape, given);
      const size = patchSize(windows);
      const outChannels = filter.shape[3]!;
      const gradients = floats(dy);
      const turned = transpose(floats(filter), size, outChannels);
      const images = new Float32Array(inputShape.reduce((a, b) => a * b, 1));
      inBlocks(windows, (block) => {
        block.patches.fill(0);
        multiply({
          rows: block.count,
          inner: outChannels,
          columns: size,
          a: gradients.subarray(block.first * outChannels),
          aRow: outChannels,
          aColumn: 1,
          b: turned,
          bStart: 0,
          out: block.patches,
          outStart: 0,
        });
        addPatches(images, windows, block);
      });
      return output(inputShape, images);
    },
  );
}

function transpose(
  matrix: Float32Array,
  rows: number,
  columns: number,
): Float32Array {
  const turned = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return turned;
}
