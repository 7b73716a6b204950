import {
  Conv2DBackpropFilter,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { multiply } from "./_multiply.ts";
import { inBlocks, windowsOf } from "./_windows.ts";

/**
 * The gradient of a convolution's filter: ours with the channels last, else
 * tfjs' own. For each row of the filter, what it saw of the image in all
 * windows is a matrix, a window a column; times dy it gives the gradient.
 */
export function conv2DBackpropFilter(): KernelConfig {
  return cpuKernel(
    Conv2DBackpropFilter,
    ({ inputs, attrs, floats, output, stock }) => {
      const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
      const filterShape = attrs.filterShape as number[];
      const windows = windowsOf(x.shape, filterShape, attrs);
      if (!windows) return stock();

      const { channels, filterHeight, filterWidth, outWidth } = windows;
      const outChannels = filterShape[3]!;
      const filterRow = filterWidth * channels;
      const gradients = floats(dy);
      const out = new Float32Array(filterHeight * filterRow * outChannels);
      inBlocks(floats(x), windows, ({ begin, rows, padded, pitch }) => {
        for (let i = 0; i < filterHeight; i++) {
          multiply({
            rows: filterRow,
            columns: outChannels,
            pieces: rows,
            inner: outWidth,
            a: padded,
            aStart: i * pitch,
            aRow: 1,
            aPiece: windows.strideHeight * pitch,
            aColumn: windows.strideWidth * channels,
            b: gradients,
            bStart: begin * outWidth * outChannels,
            out,
            outStart: i * filterRow * outChannels,
          });
        }
      });
      return output(filterShape, out);
    },
  );
}
