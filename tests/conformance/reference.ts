/**
 * The fused kernels of batch norm and ReLU in plain loops and double
 * precision, as their judge.
 *
 * @module
 */
import {
  type BatchNormTrainAttrs,
  fusedKernels,
} from "@unet/device/fused-kernels";

type Arrays = Readonly<Record<string, readonly number[]>>;

/** Computes the outputs of a fused kernel from the values of its inputs. */
export const references: Readonly<
  Record<string, (inputs: Arrays, attrs: BatchNormTrainAttrs) => number[][]>
> = {
  [fusedKernels.reluGrad]: ({ dy, y }) => [
    dy!.map((value, i) => y![i]! > 0 ? value : 0),
  ],

  [fusedKernels.batchNormTrain]({ x, scale, offset }, { epsilon, relu }) {
    const channels = scale!.length;
    const mean = meanOfColumns(x!, channels);
    const variance = meanOfColumns(
      x!.map((value, i) => (value - mean[i % channels]!) ** 2),
      channels,
    );
    const y = x!.map((value, i) => {
      const c = i % channels;
      const normalized = (value - mean[c]!) / Math.sqrt(variance[c]! + epsilon);
      const result = normalized * scale![c]! + offset![c]!;
      return relu && result < 0 ? 0 : result;
    });
    return [y, mean, variance];
  },

  [fusedKernels.batchNormTrainGrad](
    { dy, x, y, scale, mean, variance },
    { epsilon, relu },
  ) {
    const channels = scale!.length;
    const rows = x!.length / channels;
    const deviation = variance!.map((value) => Math.sqrt(value + epsilon));
    const passed = dy!.map((value, i) => relu && !(y![i]! > 0) ? 0 : value);
    const normalized = x!.map((value, i) =>
      (value - mean![i % channels]!) / deviation[i % channels]!
    );
    const meanPassed = meanOfColumns(passed, channels);
    const meanProduct = meanOfColumns(
      passed.map((value, i) => value * normalized[i]!),
      channels,
    );
    const dx = passed.map((value, i) => {
      const c = i % channels;
      return scale![c]! / deviation[c]! *
        (value - meanPassed[c]! - normalized[i]! * meanProduct[c]!);
    });
    return [
      dx,
      meanProduct.map((value) => value * rows),
      meanPassed.map((value) => value * rows),
    ];
  },
};

function meanOfColumns(values: readonly number[], channels: number): number[] {
  const means = new Array<number>(channels).fill(0);
  values.forEach((value, i) => {
    means[i % channels]! += value * channels / values.length;
  });
  return means;
}
