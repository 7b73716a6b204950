import type { Convolution } from "./convolution.ts";
import type { Layers, Projection } from "./layers.ts";

/** A tensor of the model: what it is called and how it starts. */
export interface WeightShape {
  /** PyTorch's name, as in `encoder.features.0.weight`. */
  readonly name: string;
  /**
   * Shape in tfjs' order: kernels `[height, width, in, out]`, up-convolutions
   * `[height, width, out, in]`, vectors `[channels]`.
   */
  readonly shape: readonly number[];
  /** What it does; statistics are no parameters and get no gradient. */
  readonly role:
    | "kernel"
    | "bias"
    | "scale"
    | "offset"
    | "mean"
    | "variance";
}

/**
 * All tensors of a network, in the order of its layers.
 *
 * @param layers The network.
 * @returns Their names, shapes and roles.
 */
export function weightShapes(layers: Layers): WeightShape[] {
  const shapes: WeightShape[] = [];
  const add = (
    name: string,
    role: WeightShape["role"],
    ...shape: number[]
  ): void => void shapes.push({ name, role, shape });
  const addConvolution = (layer: Convolution): void => {
    const { name, batchNorm, input, output } = layer;
    add(`${name}.weight`, "kernel", 3, 3, input, output);
    add(`${name}.bias`, "bias", output);
    if (batchNorm === undefined) return;
    add(`${batchNorm}.weight`, "scale", output);
    add(`${batchNorm}.bias`, "offset", output);
    add(`${batchNorm}.running_mean`, "mean", output);
    add(`${batchNorm}.running_var`, "variance", output);
  };
  const addUp = ({ name, input, output }: Projection): void => {
    add(`${name}.weight`, "kernel", 2, 2, output, input);
    add(`${name}.bias`, "bias", output);
  };
  layers.encoder.flat().forEach(addConvolution);
  layers.bottleneck.forEach(addConvolution);
  for (const step of layers.decoder) {
    addUp(step.up);
    step.convolutions.forEach(addConvolution);
  }
  const { name, input, output } = layers.head;
  add(`${name}.weight`, "kernel", 1, 1, input, output);
  add(`${name}.bias`, "bias", output);
  return shapes;
}

/** Whether a tensor of that role is trained. */
export function isParameter(role: WeightShape["role"]): boolean {
  return role !== "mean" && role !== "variance";
}
