import {
  type KernelConfig,
  Slice,
  slice_util,
  type SliceAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";

/** A slice: ours for the channels of floats, else tfjs' own. */
export function slice(machine: Machine): KernelConfig {
  return {
    kernelName: Slice,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x } = inputs as Record<"x", TensorInfo>;
      const { begin, size } = attrs as unknown as SliceAttrs;
      const [begins, sizes] = slice_util.parseSliceParams(
        x as Parameters<typeof slice_util.parseSliceParams>[0],
        begin,
        size,
      ) as [number[], number[]];
      const last = x.shape.length - 1;
      const ours = last > 0 && x.dtype === "float32" && !sizes.includes(0) &&
        sizes.every((count, axis) => axis === last || count === x.shape[axis]);
      if (!ours) return machine.stock(Slice, inputs, { ...attrs });

      const channels = x.shape[last]!, part = sizes[last]!;
      const out = machine.output(sizes);
      machine.code("copyRows")(
        machine.address(x) + 4 * begins[last]!,
        machine.address(out),
        sizes.slice(0, last).reduce((a, b) => a * b, 1),
        part >> 2,
        part & 3,
        4 * channels,
        4 * part,
      );
      return out;
    },
  };
}
