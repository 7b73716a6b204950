import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type UpConcatGradAttrs } from "../../fused_kernels.ts";
import { kernel } from "../_kernel.ts";
import type { Machine, Operand, Run } from "../_machine.ts";
import { attributes, int, type } from "../_operation.ts";
import { dataTypes } from "../placement.ts";
import {
  addBias,
  biasGradient,
  convolutionAttributes,
  filterGradient,
  inputGradient,
} from "./_convolution.ts";

const halving = { stride: [2, 2], padding: "VALID" } as const;

/** A transposed 2×2 convolution, and another feature map behind it. */
export function upConcat(machine: Machine): KernelConfig {
  return kernel(machine, fusedKernels.upConcat, (run, inputs) => {
    const tensors = inputs as Record<
      "x" | "kernel" | "bias" | "skip",
      TensorInfo
    >;
    const dataType = machine.convolutionType;
    const x = run.input(tensors.x, dataType);
    const filter = run.input(tensors.kernel, dataType);
    const [count, height, width] = x.shape as [number, number, number];
    const shape = [count, 2 * height, 2 * width, filter.shape[2]!];
    const given = convolutionAttributes(dataType, halving);
    const bare = inputGradient(run, [x, filter], shape, given);
    const up = addBias(run, bare, run.input(tensors.bias));
    const skip = run.input(tensors.skip, dataType);
    const concat = attributes({
      N: int(2),
      T: type(dataType),
      Tidx: type(dataTypes.int32),
    });
    return run.execute("ConcatV2", concat, [up, skip, run.ints([3], [])])[0];
  });
}

/** The gradients of {@linkcode upConcat}. */
export function upConcatGrad(machine: Machine): KernelConfig {
  return kernel(machine, fusedKernels.upConcatGrad, (run, inputs, attrs) => {
    const tensors = inputs as Record<"dy" | "x" | "kernel", TensorInfo>;
    const { skip } = attrs as unknown as UpConcatGradAttrs;
    const dataType = machine.convolutionType;
    const dy = run.input(tensors.dy, dataType);
    const x = run.input(tensors.x, dataType);
    const filter = run.input(tensors.kernel, dataType);
    const channels = filter.shape[2]!;
    const [up, dskip] = skip
      ? split(run, dy, channels)
      : [firstChannels(run, dy, channels)];
    const given = convolutionAttributes(dataType, halving);
    return [
      run.execute("Conv2D", given, [up, filter])[0],
      filterGradient(run, [up, x], filter.shape, given),
      biasGradient(run, up),
      ...dskip ? [dskip] : [],
    ];
  });
}

function split(run: Run, x: Operand, channels: number): [Operand, Operand] {
  const given = attributes({
    num_split: int(2),
    T: type(x.type),
    Tlen: type(dataTypes.int32),
  });
  const sizes = run.ints([channels, x.shape[3]! - channels]);
  const axis = run.ints([3], []);
  return run.execute("SplitV", given, [x, sizes, axis], 2) as [
    Operand,
    Operand,
  ];
}

function firstChannels(run: Run, x: Operand, channels: number): Operand {
  const given = attributes({ T: type(x.type), Index: type(dataTypes.int32) });
  const begin = run.ints([0, 0, 0, 0]);
  const size = run.ints([-1, -1, -1, channels]);
  return run.execute("Slice", given, [x, begin, size])[0];
}
