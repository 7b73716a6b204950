import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { kernel } from "../_kernel.ts";
import type { Machine, Operand, Run } from "../_machine.ts";
import { attributes, float, type } from "../_operation.ts";
import { cannot } from "@unet/errors";
import {
  addBias,
  convolutionAttributes,
  geometricFilterGradient,
  geometricInputGradient,
  geometryOf,
} from "./_convolution.ts";

type Inputs = Record<string, TensorInfo>;

/** A convolution. */
export function conv2D(machine: Machine): KernelConfig {
  return kernel(machine, "Conv2D", (run, inputs, attrs) => {
    const { x, filter } = inputs as Inputs;
    const type = machine.convolutionType;
    const geometry = geometryOf(x!.shape, filter!.shape, attrs);
    const given = convolutionAttributes(type, geometry);
    const operands = [run.input(x!, type), run.input(filter!, type)];
    return run.execute("Conv2D", given, operands)[0];
  });
}

/** A convolution with bias and activation. */
export function fusedConv2D(machine: Machine): KernelConfig {
  return kernel(machine, "FusedConv2D", (run, inputs, attrs) => {
    const { x, filter, bias, preluActivationWeights } = inputs as Inputs;
    const dataType = machine.convolutionType;
    const geometry = geometryOf(x!.shape, filter!.shape, attrs);
    const given = convolutionAttributes(dataType, geometry);
    const operands = [run.input(x!, dataType), run.input(filter!, dataType)];
    const [sum] = run.execute("Conv2D", given, operands);
    const biased = bias ? addBias(run, sum, run.input(bias)) : sum;
    if (preluActivationWeights) return refuse("prelu");
    return activate(run, biased, attrs.activation as string, [
      attrs.leakyreluAlpha as number,
    ]);
  });
}

function activate(
  run: Run,
  x: Operand,
  activation: string | null | undefined,
  [alpha]: [number],
): Operand {
  const T = type(x.type);
  switch (activation) {
    case null:
    case undefined:
    case "linear":
      return x;
    case "relu":
      return run.execute("Relu", attributes({ T }), [x])[0];
    case "relu6":
      return run.execute("Relu6", attributes({ T }), [x])[0];
    case "elu":
      return run.execute("Elu", attributes({ T }), [x])[0];
    case "sigmoid":
      return run.execute("Sigmoid", attributes({ T }), [x])[0];
    case "leakyrelu": {
      const given = attributes({ T, alpha: float(alpha) });
      return run.execute("LeakyRelu", given, [x])[0];
    }
    default:
      return refuse(activation);
  }
}

function refuse(activation: string): never {
  throw new RangeError(
    cannot("compute", "activation", activation, {
      found: "none that is fused with a convolution",
      expected: "linear, relu, relu6, elu, leakyrelu or sigmoid",
    }),
  );
}

/** A convolution's gradient by the input. */
export function conv2DBackpropInput(machine: Machine): KernelConfig {
  return kernel(machine, "Conv2DBackpropInput", (run, inputs, attrs) => {
    const { dy, filter } = inputs as Inputs;
    const type = machine.convolutionType;
    const shape = attrs.inputShape as number[];
    const geometry = geometryOf(shape, filter!.shape, attrs);
    const operands = [run.input(dy!, type), run.input(filter!, type)] as const;
    return geometricInputGradient(run, operands, shape, geometry);
  });
}

/** A convolution's gradient by the filter. */
export function conv2DBackpropFilter(machine: Machine): KernelConfig {
  return kernel(machine, "Conv2DBackpropFilter", (run, inputs, attrs) => {
    const { x, dy } = inputs as Inputs;
    const type = machine.convolutionType;
    const shape = attrs.filterShape as number[];
    const geometry = geometryOf(x!.shape, shape, attrs);
    const operands = [run.input(x!, type), run.input(dy!, type)] as const;
    return geometricFilterGradient(run, operands, shape, geometry);
  });
}
