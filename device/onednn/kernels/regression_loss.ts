import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type RegressionLossAttrs } from "../../fused_kernels.ts";
import { floatsOf, tensorOf } from "./_floats.ts";
import { rowMajorLayout } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";
import { judgeNumbers, writeSlopes } from "./_regression_loss.ts";

type Inputs = Record<"dy" | "scales" | "logits" | "target", TensorInfo>;

/**
 * Losses of numbers, in loops that skip what does not count: most pixels of
 * most images are background, of which no channel is looked at but one.
 */
export const regressionLoss: Kernel = {
  name: fusedKernels.regressionLoss,
  run(machine, { inputs, attrs }) {
    const { logits, target } = inputs as Inputs;
    const { parts } = attrs as unknown as RegressionLossAttrs;
    return machine.compute((scope) => {
      const compared = {
        channels: logits.shape[3]!,
        logits: floatsOf(scope, machine, logits),
        target: floatsOf(scope, machine, target),
      };
      const judged = parts.map((part) => judgeNumbers(part, compared));
      const value = judged.reduce((sum, { value }) => sum + value, 0);
      const scales = judged.map(({ scale }) => scale);
      return [
        tensorOf(scope, machine, [], [value]),
        tensorOf(scope, machine, [parts.length], scales),
      ];
    });
  },
};

/** The gradient, in the same loops. */
export const regressionLossGrad: Kernel = {
  name: fusedKernels.regressionLossGrad,
  run(machine, { inputs, attrs }) {
    const { dy, scales, logits, target } = inputs as Inputs;
    const { parts } = attrs as unknown as RegressionLossAttrs;
    return machine.compute((scope) => {
      const compared = {
        channels: logits.shape[3]!,
        logits: floatsOf(scope, machine, logits),
        target: floatsOf(scope, machine, target),
      };
      const layout = rowMajorLayout(machine, logits.shape);
      const { tensor, address } = scope.output(logits.shape, layout);
      const { length } = compared.logits;
      const gradient = machine.pool.floats(address, length);
      gradient.fill(0);
      const [scale] = floatsOf(scope, machine, dy) as unknown as [number];
      const own = floatsOf(scope, machine, scales);
      parts.forEach((part, i) =>
        writeSlopes(gradient, part, compared, scale * own[i]!)
      );
      return tensor;
    });
  },
};
