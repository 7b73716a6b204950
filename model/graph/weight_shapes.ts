import {
  type Graph,
  type GraphNode,
  interpret,
  type Interpreter,
} from "./node.ts";

/** A tensor of the model: its name, and how it starts. */
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
  /** The standard deviation of a kernel's first values; 0 for all else. */
  readonly deviation: number;
}

/**
 * Kernels before a ReLU start with deviation √(2 / fan-out), as torchvision's
 * networks do (He et al., 2015), the others with √(1 / fan-in) (LeCun et al.,
 * 1998).
 */
const weightsOf: Interpreter<[], WeightShape[]> = {
  image: () => [],
  pool: () => [],
  add: () => [],
  crop: () => [],
  dropout: () => [],
  convolution: ({ name, batchNorm, bias, kernel, from, channels }) => [
    {
      name: `${name}.weight`,
      role: "kernel",
      shape: [kernel, kernel, from, channels],
      deviation: Math.sqrt(2 / (kernel * kernel * channels)),
    },
    ...bias ? [vector(`${name}.bias`, "bias", channels)] : [],
    ...batchNorm === undefined ? [] : [
      vector(`${batchNorm}.weight`, "scale", channels),
      vector(`${batchNorm}.bias`, "offset", channels),
      vector(`${batchNorm}.running_mean`, "mean", channels),
      vector(`${batchNorm}.running_var`, "variance", channels),
    ],
  ],
  up: ({ name, by, from, to }) =>
    by === "nearest" ? [] : [
      {
        name: `${name}.weight`,
        role: "kernel",
        shape: [2, 2, to, from],
        // An output of a 2×2 up-convolution meets one place of the kernel.
        deviation: Math.sqrt(1 / from),
      },
      vector(`${name}.bias`, "bias", to),
    ],
  head: ({ name, kernel, from, to }) => [
    {
      name: `${name}.weight`,
      role: "kernel",
      shape: [kernel, kernel, from, to],
      deviation: Math.sqrt(1 / (kernel * kernel * from)),
    },
    vector(`${name}.bias`, "bias", to),
  ],
};

/**
 * All tensors of a network, in the order of its nodes.
 *
 * @param graph The network.
 * @returns Their names, shapes and roles.
 */
export function weightShapes(graph: Graph): WeightShape[] {
  return graph.flatMap(weightsOfNode);
}

/** The tensors of one node. */
export function weightsOfNode(node: GraphNode): WeightShape[] {
  return interpret(weightsOf, node);
}

/** Whether a tensor of that role is trained. */
export function isParameter(role: WeightShape["role"]): boolean {
  return role !== "mean" && role !== "variance";
}

function vector(
  name: string,
  role: Exclude<WeightShape["role"], "kernel">,
  channels: number,
): WeightShape {
  return { name, role, shape: [channels], deviation: 0 };
}
