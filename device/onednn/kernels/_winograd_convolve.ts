import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import type { Output, Scope } from "../_scope.ts";
import type { Features, Sources } from "../machine_code/winograd_geometry.ts";
import {
  suitsWinograd,
  suitsWinogradGradient,
} from "../machine_code/suits_winograd.ts";
import type { Direction, Kernels } from "../machine_code/taps.ts";
import type { ConvolutionInputs } from "./_convolve.ts";
import type { Geometry, Shape } from "./_geometry.ts";

/** Whether a convolution runs in the program's own machine code. */
export function isWinograd(machine: Machine, geometry: Geometry): boolean {
  const { kernel: [h, w, , outputs], strides, dilations } = geometry;
  const { before, after, input, transposed } = geometry;
  return machine.winograd !== null && h === 3 && w === 3 && !transposed &&
    `${strides}/${dilations}/${before}/${after}` === "1,1/1,1/1,1/1,1" &&
    suitsWinograd(input, outputs);
}

/**
 * Whether kernels that stay are too many to keep transformed: Winograd's take
 * four times the memory, and few windows would multiply by them.
 */
export function isScarce({ input, kernel }: Geometry): boolean {
  const [n, height, width] = input, [, , inputs, outputs] = kernel;
  return n * Math.ceil(height / 4) * Math.ceil(width / 4) <= scarceWindows &&
    inputs * outputs >= manyKernels;
}

/**
 * Measured at 8×8 pixels, four images, 1024 by 1024 channels, on one core: 39
 * ms directly, 14 by Winograd. A pass of the network of width 1 takes 800, and
 * its memory is a quarter less.
 */
const scarceWindows = 32, manyKernels = 2 ** 19;

/** Whether the gradient by the kernel does too. */
export function isWinogradGradient(
  machine: Machine,
  geometry: Geometry,
): boolean {
  const { input, kernel: [, , , outputs] } = geometry;
  return isWinograd(machine, geometry) &&
    suitsWinogradGradient(input, outputs);
}

/** The output, computed to an address. */
export function winogradOutput(
  machine: Machine,
  scope: Scope,
  { output }: Geometry,
  { x, kernel, bias, relu, inference, to }: ConvolutionInputs & {
    readonly relu: boolean;
    readonly inference: boolean;
    readonly to: bigint;
  },
): void {
  convolve(machine, scope, {
    sources: sourcesOf(machine, scope, x),
    target: features(machine, output, to),
    kernel,
    direction: "forward",
    stays: inference,
    bias: bias ? scope.source(bias, machine.layouts.vector([output[3]])) : null,
    relu,
  });
}

/** The gradient by the input, computed to an address. */
export function winogradInputGradient(
  machine: Machine,
  scope: Scope,
  { input }: Geometry,
  { dy, kernel, to }: {
    readonly dy: TensorInfo;
    readonly kernel: TensorInfo;
    readonly to: bigint;
  },
): void {
  convolve(machine, scope, {
    sources: [read(machine, scope, dy)],
    target: features(machine, input, to),
    kernel,
    direction: "data",
    stays: false,
    bias: null,
    relu: false,
  });
}

/** The gradient by the kernel. */
export function winogradWeightsGradient(
  machine: Machine,
  scope: Scope,
  { kernel }: Geometry,
  { x, dy }: { readonly x: TensorInfo; readonly dy: TensorInfo },
): Output {
  const result = scope.output(kernel, machine.layouts.kernel(kernel));
  machine.winograd!.gradient(
    sourcesOf(machine, scope, x),
    read(machine, scope, dy),
    result.address,
  );
  return result;
}

/** The tensor, or the two that it is joined of. */
function sourcesOf(
  machine: Machine,
  scope: Scope,
  tensor: TensorInfo,
): Sources {
  const parts = machine.backend.partsOf(tensor);
  if (!parts) return [read(machine, scope, tensor)];
  const [first, second] = parts.map(({ shape, native }) =>
    features(machine, shape as unknown as Shape, native.block.pointer)
  );
  return [first!, second!];
}

function read(machine: Machine, scope: Scope, tensor: TensorInfo): Features {
  const layout = machine.layouts.preferred(tensor.shape);
  const shape = tensor.shape as unknown as Shape;
  return features(machine, shape, scope.source(tensor, layout));
}

function features(
  { layouts }: Machine,
  shape: Shape,
  address: bigint,
): Features {
  const blocked = layouts.preferred(shape) !== layouts.features(shape);
  return { address, shape, blocked };
}

/** Convolves by kernels that are transformed now, or were if they stay. */
function convolve(
  machine: Machine,
  scope: Scope,
  { sources, target, kernel, direction, stays, bias, relu }: {
    readonly sources: Sources;
    readonly target: Features;
    readonly kernel: TensorInfo;
    readonly direction: Direction;
    readonly stays: boolean;
    readonly bias: bigint | null;
    readonly relu: boolean;
  },
): void {
  const winograd = machine.winograd!;
  const [, , inputs, outputs] = kernel.shape as unknown as Shape;
  const layout = machine.layouts.kernel(kernel.shape);
  // Weights that are trained stay as their gradient lies.
  const kernels = (): Kernels => ({
    address: stays
      ? scope.source(kernel, layout)
      : scope.settled(kernel, layout),
    ...{ inputs, outputs },
  });
  const isForward = direction === "forward";
  const [n, height, width, written] = target.shape;
  const read = isForward ? inputs : outputs;
  if (!stays && winograd.hasLargeKernels([n, height, width, read], written)) {
    const options = { kernels: kernels(), direction, bias, relu };
    return winograd.turnAndConvolve(sources, target, options);
  }
  const bytes = winograd.turnedBytes({ inputs, outputs });
  const turn = (to: bigint): void => winograd.turn(kernels(), direction, to);
  let turned: bigint;
  if (stays) turned = scope.derived(kernel, winograd, bytes, turn);
  else turn(turned = scope.scratch(bytes));
  winograd.convolve(sources, target, { kernel: turned, bias, relu });
}
