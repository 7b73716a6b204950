import {
  backend_util,
  type KernelConfig,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import {
  advance,
  f32x4,
  get,
  i32,
  repeat,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
} from "../_assembler.ts";
import type { Machine } from "../_machine.ts";
import { shape4 } from "./_shape.ts";

/**
 * The gradient of max pooling: each dy goes to the first greatest of its
 * pixels. Windows of 2×2 that step by 2 have code of their own; tfjs' kernel
 * disagrees with its cpu kernel where windows overlap, and is not used.
 */
export function maxPoolGrad(machine: Machine): KernelConfig {
  return {
    kernelName: MaxPoolGrad,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
      const { filterSize, strides, pad, dimRoundingMode } =
        attrs as unknown as MaxPoolGradAttrs;
      const [batch, height, width, channels] = shape4(input);
      const info = backend_util.computePool2DInfo(
        [batch, height, width, channels],
        filterSize,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      const { padInfo, outHeight, outWidth } = info;
      const halves = info.filterHeight === 2 && info.filterWidth === 2 &&
        info.strideHeight === 2 && info.strideWidth === 2 &&
        padInfo.top === 0 && padInfo.left === 0 &&
        outHeight === height >> 1 && outWidth === width >> 1;
      if (!halves) return ofAnyWindows(machine, { dy, input }, info);

      const dx = machine.output(input.shape);
      const heap = machine.heap();
      const row = width * channels, outRow = outWidth * channels;
      const run = machine.code("maxPoolGradRow");
      // The last row and column of an odd size are in no window.
      if (height & 1 || width & 1) {
        const start = machine.address(dx) >>> 2;
        heap.fill(0, start, start + batch * height * row);
      }
      for (let r = 0; r < batch * outHeight; r++) {
        const image = Math.floor(r / outHeight);
        const y = image * height + 2 * (r - image * outHeight);
        run(
          machine.address(input) + 4 * y * row,
          machine.address(dx) + 4 * y * row,
          machine.address(dy) + 4 * r * outRow,
          outWidth,
          channels >> 2,
          channels & 3,
          4 * channels,
          4 * row,
        );
      }
      return dx;
    },
  };
}

/** Windows of any size, which may overlap, in plain loops. */
function ofAnyWindows(
  machine: Machine,
  { dy, input }: Record<"dy" | "input", TensorInfo>,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  const { inHeight, inWidth, outHeight, outWidth, inChannels } = info;
  const dx = machine.output(input.shape);
  const heap = machine.heap();
  const [x, to, slopes] = [input, dx, dy].map((tensor) =>
    machine.address(tensor) >>> 2
  ) as [number, number, number];
  const pitch = inWidth * inChannels;
  heap.fill(0, to, to + info.batchSize * inHeight * pitch);
  for (let line = 0; line < info.batchSize * outHeight; line++) {
    const image = Math.floor(line / outHeight);
    const top = (line - image * outHeight) * info.strideHeight -
      info.padInfo.top;
    const firstRow = Math.max(0, top);
    const lastRow = Math.min(top + info.filterHeight, inHeight);
    for (let column = 0; column < outWidth; column++) {
      const left = column * info.strideWidth - info.padInfo.left;
      const first = Math.max(0, left);
      const last = Math.min(left + info.filterWidth, inWidth);
      const slope = slopes + (line * outWidth + column) * inChannels;
      for (let channel = 0; channel < inChannels; channel++) {
        let greatest = -Infinity, chosen = -1;
        for (let row = firstRow; row < lastRow; row++) {
          const start = (image * inHeight + row) * pitch + channel;
          for (let at = first; at < last; at++) {
            const place = start + at * inChannels, value = heap[x + place]!;
            if (value > greatest) {
              greatest = value;
              chosen = place;
            }
          }
        }
        // Windows that hold nothing but NaN have no greatest.
        if (chosen >= 0) heap[to + chosen]! += heap[slope + channel]!;
      }
    }
  }
  return dx;
}

/** One row of windows. */
const maxPoolGradRow = wasmFunction(
  "maxPoolGradRow",
  ["x", "dx", "dy", "columns", "vectors", "rest", "pixel", "row"],
  (p, local) => {
    const x = local("i32"), dx = local("i32"), count = local("i32");
    const values = [0, 1, 2, 3].map(() => local("v128"));
    const greatest = local("v128"), gradient = local("v128");
    const chosen = local("v128");
    // The window's pixels in reading order, as steps from the one before.
    const steps = [
      i32.constant(0),
      get(p.pixel),
      i32.sub(get(p.row), get(p.pixel)),
      get(p.pixel),
    ];
    const window = (lanes: 1 | 4) => [
      set(x, get(p.x)),
      set(dx, get(p.dx)),
      values.map((value, i) => [
        advance(x, steps[i]!),
        set(value, v128.load(get(x), 0, lanes)),
        set(
          greatest,
          i === 0 ? get(value) : f32x4.max(get(greatest), get(value)),
        ),
      ]),
      set(gradient, v128.load(get(p.dy), 0, lanes)),
      values.map((value, i) => [
        advance(dx, steps[i]!),
        set(chosen, f32x4.equal(get(value), get(greatest))),
        v128.store(get(dx), v128.and(get(gradient), get(chosen)), 0, lanes),
        // What this pixel took is not there for the next.
        set(gradient, v128.andNot(get(gradient), get(chosen))),
      ]),
      [p.x, p.dx, p.dy].map((pointer) =>
        advance(pointer, i32.constant(4 * lanes))
      ),
    ];
    return repeat(p.columns, [
      set(count, get(p.vectors)),
      repeat(count, window(4)),
      set(count, get(p.rest)),
      repeat(count, window(1)),
      advance(p.x, get(p.pixel)),
      advance(p.dx, get(p.pixel)),
    ]);
  },
);

/** The functions that {@linkcode maxPoolGrad} calls. */
export const maxPoolGradCode: readonly WasmFunction[] = [maxPoolGradRow];
