import {
  backend_util,
  BatchMatMul,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  type KernelConfig,
  Reverse,
  type TensorInfo,
  Transpose,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { convolve } from "./_winograd.ts";
import { shape4 } from "./_shape.ts";

/**
 * The gradient of a convolution's input, which is the transposed convolution
 * as well. Ours for whole tiles of channels where the padding is below the
 * filter's size, and where the stride is the filter's size; the rest is tfjs'
 * own.
 */
export function conv2DBackpropInput(machine: Machine): KernelConfig {
  return {
    kernelName: Conv2DBackpropInput,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
      const { strides, pad, dataFormat, dimRoundingMode, inputShape } =
        attrs as unknown as Conv2DBackpropInputAttrs;
      if (dataFormat === "NHWC") {
        const info = backend_util.computeConv2DInfo(
          inputShape,
          shape4(filter),
          strides,
          1,
          pad,
          dimRoundingMode,
        );
        const { strideHeight, strideWidth, filterHeight, filterWidth } = info;
        const { top, left } = info.padInfo;
        if (
          filterHeight > 1 && strideHeight === filterHeight &&
          strideWidth === filterWidth &&
          info.inHeight === info.outHeight * filterHeight &&
          info.inWidth === info.outWidth * filterWidth
        ) {
          return byProduct(machine, dy, filter);
        }
        if (
          info.inChannels % 4 === 0 && top < filterHeight && left < filterWidth
        ) {
          const place = {
            top: filterHeight - 1 - top,
            left: filterWidth - 1 - left,
            outHeight: info.inHeight,
            outWidth: info.inWidth,
          };
          if (strideHeight === 1 && strideWidth === 1) {
            return byConvolution(machine, dy, filter, place);
          }
          const sparse = spread(machine, dy, [strideHeight, strideWidth]);
          const dx = byConvolution(machine, sparse, filter, place);
          machine.release(sparse);
          return dx;
        }
      }
      return machine.stock(Conv2DBackpropInput, inputs, { ...attrs });
    },
  };
}

/** A convolution of dy by the filter turned around, in and out exchanged. */
function byConvolution(
  machine: Machine,
  dy: TensorInfo,
  filter: TensorInfo,
  place: { top: number; left: number; outHeight: number; outWidth: number },
): TensorInfo {
  const turned = machine.stock(Reverse, { x: filter }, { dims: [0, 1] });
  const exchanged = machine.stock(Transpose, { x: turned }, {
    perm: [0, 1, 3, 2],
  });
  const dx = convolve(machine, { x: dy, filter: exchanged, ...place });
  machine.release(turned);
  machine.release(exchanged);
  return dx;
}

/** dy with a stride's zeros between its pixels. */
function spread(
  machine: Machine,
  dy: TensorInfo,
  [down, right]: readonly [number, number],
): TensorInfo {
  const [batch, rows, columns, channels] = shape4(dy);
  const height = (rows - 1) * down + 1, width = (columns - 1) * right + 1;
  const out = machine.output([batch, height, width, channels]);
  const start = machine.address(out);
  machine.heap().fill(
    0,
    start >>> 2,
    (start >>> 2) + batch * height * width * channels,
  );
  const copy = machine.code("copyRows");
  for (let line = 0; line < batch * rows; line++) {
    const image = Math.floor(line / rows);
    const row = image * height + (line - image * rows) * down;
    copy(
      machine.address(dy) + 4 * line * columns * channels,
      start + 4 * row * width * channels,
      columns,
      channels >> 2,
      channels & 3,
      4 * channels,
      4 * right * channels,
    );
  }
  return out;
}

/**
 * Windows that touch but do not overlap: one matrix product gives the window
 * of every pixel of dy, and its rows are then put where they belong.
 */
function byProduct(
  machine: Machine,
  dy: TensorInfo,
  filter: TensorInfo,
): TensorInfo {
  const [batch, height, width, outChannels] = shape4(dy);
  const [filterHeight, filterWidth, channels] = shape4(filter);
  const window = filterHeight * filterWidth * channels;
  const transposed = machine.stock(Transpose, { x: filter }, {
    perm: [3, 0, 1, 2],
  });
  const windows = machine.stock(BatchMatMul, {
    a: { ...dy, shape: [1, batch * height * width, outChannels] },
    b: { ...transposed, shape: [1, outChannels, window] },
  }, { transposeA: false, transposeB: false });
  const dx = machine.output([
    batch,
    height * filterHeight,
    width * filterWidth,
    channels,
  ]);
  const piece = filterWidth * channels;
  const copy = machine.code("copyRows");
  for (let row = 0; row < batch * height; row++) {
    for (let kh = 0; kh < filterHeight; kh++) {
      copy(
        machine.address(windows) + 4 * (row * width * window + kh * piece),
        machine.address(dx) + 4 * (row * filterHeight + kh) * width * piece,
        width,
        piece >> 2,
        piece & 3,
        4 * window,
        4 * piece,
      );
    }
  }
  machine.release(transposed);
  machine.release(windows);
  return dx;
}
