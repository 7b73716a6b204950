import {
  Conv2DBackpropInput,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { convolve } from "./_convolve.ts";
import { multiply } from "./_multiply.ts";
import { type Windows, windowsOf } from "./_windows.ts";

/**
 * The gradient of a convolution's input, which is the transposed convolution
 * as well. Ours where the padding is below the filter's size, and where the
 * stride is the filter's size; the rest is tfjs' own.
 */
export function conv2DBackpropInput(): KernelConfig {
  return cpuKernel(
    Conv2DBackpropInput,
    ({ inputs, attrs, floats, output, stock }) => {
      const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
      const inputShape = attrs.inputShape as number[];
      const windows = windowsOf(inputShape, filter.shape, attrs);
      const compute = windows && chooseWay(windows);
      if (!compute) return stock();
      return output(
        inputShape,
        compute(floats(dy), floats(filter), windows, filter.shape[3]!),
      );
    },
  );
}

type Way = (
  dy: Float32Array,
  filter: Float32Array,
  windows: Windows,
  outChannels: number,
) => Float32Array;

function chooseWay(windows: Windows): Way | null {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = windows;
  if (
    filterHeight > 1 &&
    strideHeight === filterHeight && strideWidth === filterWidth &&
    windows.height === windows.outHeight * filterHeight &&
    windows.width === windows.outWidth * filterWidth
  ) return byProduct;
  return windows.top < filterHeight && windows.left < filterWidth
    ? byConvolution
    : null;
}

/**
 * A convolution of dy by the filter turned around, in and out exchanged; at a
 * larger stride, of dy with zeros between its pixels.
 */
const byConvolution: Way = (dy, filter, windows, outChannels) => {
  const { channels, filterHeight, filterWidth } = windows;
  const taps = filterHeight * filterWidth;
  const turned = new Float32Array(filter.length);
  for (let tap = 0; tap < taps; tap++) {
    const size = channels * outChannels;
    const from = tap * size, to = (taps - 1 - tap) * size;
    const target = turned.subarray(to, to + size);
    transpose(filter.subarray(from, from + size), channels, target);
  }
  const { strideHeight, strideWidth } = windows;
  return convolve(spread(dy, windows, outChannels), turned, {
    ...windows,
    height: (windows.outHeight - 1) * strideHeight + 1,
    width: (windows.outWidth - 1) * strideWidth + 1,
    strideHeight: 1,
    strideWidth: 1,
    channels: outChannels,
    top: filterHeight - 1 - windows.top,
    left: filterWidth - 1 - windows.left,
    outHeight: windows.height,
    outWidth: windows.width,
  }, { outChannels: channels });
};

/** dy with a stride's zeros between its pixels. */
function spread(
  dy: Float32Array,
  { batch, outHeight, outWidth, strideHeight, strideWidth }: Windows,
  channels: number,
): Float32Array {
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const height = (outHeight - 1) * strideHeight + 1;
  const width = (outWidth - 1) * strideWidth + 1;
  const out = new Float32Array(batch * height * width * channels);
  for (let line = 0; line < batch * outHeight; line++) {
    const image = Math.floor(line / outHeight);
    const row = image * height + (line - image * outHeight) * strideHeight;
    for (let column = 0; column < outWidth; column++) {
      const from = (line * outWidth + column) * channels;
      const to = (row * width + column * strideWidth) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = dy[from + c]!;
    }
  }
  return out;
}

/**
 * Windows that touch but do not overlap: a row of dy times per row of the filter
 * is a row of the result.
 */
const byProduct: Way = (dy, filter, windows, outChannels) => {
  const { batch, channels, filterHeight, filterWidth } = windows;
  const { outHeight, outWidth } = windows;
  const filterRow = filterWidth * channels;
  const turned = new Float32Array(filter.length);
  for (let i = 0; i < filterHeight; i++) {
    const from = i * filterRow * outChannels,
      end = from + filterRow * outChannels;
    const part = filter.subarray(from, end);
    transpose(part, filterRow, turned.subarray(from, end));
  }
  const out = new Float32Array(
    batch * windows.height * windows.width * channels,
  );
  for (let row = 0; row < batch * outHeight; row++) {
    for (let i = 0; i < filterHeight; i++) {
      multiply({
        rows: outWidth,
        columns: filterRow,
        pieces: 1,
        inner: outChannels,
        a: dy,
        aStart: row * outWidth * outChannels,
        aRow: outChannels,
        aPiece: 0,
        aColumn: 1,
        b: turned,
        bStart: i * filterRow * outChannels,
        out,
        outStart: (row * filterHeight + i) * outWidth * filterRow,
      });
    }
  }
  return out;
};

/** Writes the rows of a matrix as columns. */
function transpose(
  matrix: Float32Array,
  rows: number,
  out: Float32Array,
): void {
  const columns = matrix.length / rows;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = matrix[row * columns + column]!;
    }
  }
}
