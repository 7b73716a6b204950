import {
  Conv2DBackpropFilter,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { multiply } from "./_multiply.ts";
import {
  type ConvolutionAttrs,
  inBlocks,
  patchSize,
  readPatches,
  windowsOf,
} from "./_patches.ts";

/**
 * The gradient of a convolution's filter: ours with the channels last, else
 * tfjs' own. The windows' patches, turned, times dy.
 */
export function conv2DBackpropFilter(): KernelConfig {
  return cpuKernel(
    Conv2DBackpropFilter,
    ({ inputs, attrs, floats, output, stock }) => {
      const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
      const { dataFormat, filterShape, ...given } = attrs as
        & NamedAttrMap
        & ConvolutionAttrs
        & { filterShape: number[] };
      if (dataFormat !== "NHWC") return stock();

      const windows = windowsOf(x.shape, filterShape, given);
      const size = patchSize(windows);
      const outChannels = filterShape[3]!;
      const images = floats(x), gradients = floats(dy);
      const out = new Float32Array(size * outChannels);
      inBlocks(windows, (block) => {
        readPatches(images, windows, block);
        multiply({
          rows: size,
          inner: block.count,
          columns: outChannels,
          a: block.patches,
          aRow: 1,
          aColumn: size,
          b: gradients,
          bStart: block.first * outChannels,
          out,
          outStart: 0,
        });
      });
      return output(filterShape, out);
    },
  );
}
