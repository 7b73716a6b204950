import {
  type KernelConfig,
  type NamedAttrMap,
  Slice,
  slice_util,
  type SliceAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { matrixOf } from "./_columns.ts";

/** A slice: ours for the channels of floats, else tfjs' own. */
export function slice(): KernelConfig {
  return cpuKernel(Slice, ({ inputs, attrs, floats, output, stock }) => {
    const { x } = inputs as Record<"x", TensorInfo>;
    const { begin, size } = attrs as NamedAttrMap & SliceAttrs;
    const [begins, sizes] = slice_util.parseSliceParams(
      x as Parameters<typeof slice_util.parseSliceParams>[0],
      begin,
      size,
    ) as [number[], number[]];
    const last = x.shape.length - 1;
    const ours = last > 0 && x.dtype === "float32" &&
      sizes.every((count, axis) => axis === last || count === x.shape[axis]);
    if (!ours) return stock();

    const { rows, channels } = matrixOf(x);
    const first = begins[last]!, part = sizes[last]!;
    const values = floats(x);
    const out = new Float32Array(rows * part);
    for (let row = 0; row < rows; row++) {
      const from = row * channels + first, to = row * part;
      for (let c = 0; c < part; c++) out[to + c] = values[from + c]!;
    }
    return output(sizes, out);
  });
}
