import {
  Concat,
  type ConcatAttrs,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";

/** Concatenation: ours for the channels of floats, else tfjs' own. */
export function concat(machine: Machine): KernelConfig {
  return {
    kernelName: Concat,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const parts = Object.values(inputs) as TensorInfo[];
      const { axis } = attrs as unknown as ConcatAttrs;
      const first = parts[0];
      const last = (first?.shape.length ?? 0) - 1;
      const ours = first && last > 0 && (axis === last || axis === -1) &&
        parts.every(({ dtype, shape }) =>
          dtype === "float32" && !shape.includes(0)
        );
      if (!ours) return machine.stock(Concat, inputs, { ...attrs });

      const channels = parts.reduce((sum, { shape }) => sum + shape[last]!, 0);
      const rows = first.shape.slice(0, last).reduce((a, b) => a * b, 1);
      const out = machine.output([...first.shape.slice(0, last), channels]);
      const copy = machine.code("copyRows");
      let place = machine.address(out);
      for (const part of parts) {
        const size = part.shape[last]!;
        const from = machine.address(part);
        copy(from, place, rows, size >> 2, size & 3, 4 * size, 4 * channels);
        place += 4 * size;
      }
      return out;
    },
  };
}
