import type {
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
} from "@tensorflow/tfjs-core";
import type { Machine, Operand, Run } from "./_machine.ts";

/** A kernel on TensorFlow, of one output or a fixed number of them. */
export function kernel(
  machine: Machine,
  kernelName: string,
  compute: (
    run: Run,
    inputs: NamedTensorInfoMap,
    attrs: NamedAttrMap,
  ) => Operand | Operand[],
): KernelConfig {
  return {
    kernelName,
    backendName: "tensorflow",
    kernelFunc({ inputs, attrs }) {
      let single = false;
      const outputs = machine.run((run) => {
        const result = compute(run, inputs as NamedTensorInfoMap, attrs ?? {});
        single = !Array.isArray(result);
        return [result].flat();
      });
      return single ? outputs[0]! : outputs;
    },
  };
}
