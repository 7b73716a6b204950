/** Fields that every node of a graph has. */
export interface BaseNode {
  /** The places in the list of what it computes from; all come before it. */
  readonly inputs: readonly number[];
  /** Channels of its output. */
  readonly channels: number;
  /**
   * The encoder's block that it belongs to, 0 at the input; absent after the
   * encoder.
   */
  readonly block?: number | undefined;
}

/** The image: red, green, blue, normalized. */
export interface ImageNode extends BaseNode {
  readonly op: "image";
}

/** A convolution, with the batch norm and the ReLU after it. */
export interface ConvolutionNode extends BaseNode {
  readonly op: "convolution";
  /** Its name; the weights are `NAME.weight` and, with a bias, `NAME.bias`. */
  readonly name: string;
  /** The name of the batch norm after it, if there is one. */
  readonly batchNorm: string | undefined;
  /** Input channels. */
  readonly from: number;
  /** Height and width of the kernel, an odd number. */
  readonly kernel: number;
  /** Pixels from one output to the next; with 2, the input's size is even. */
  readonly stride: 1 | 2;
  /** Whether zeros around the input keep the size; else it shrinks. */
  readonly isPadded: boolean;
  /** Whether there is a bias. */
  readonly bias: boolean;
  /** Whether ReLU follows. */
  readonly relu: boolean;
}

/** Max pooling of stride 2, by windows of 2×2, or of 3×3 with zeros around. */
export interface PoolNode extends BaseNode {
  readonly op: "pool";
  /** Height and width of a window. */
  readonly size: 2 | 3;
}

/**
 * Doubles height and width, by an up-convolution or by repeating pixels, and
 * concatenates the skip connection, if there is one, after its channels.
 */
export interface UpNode extends BaseNode {
  readonly op: "up";
  /** Its name; of an up-convolution, the weights are `NAME.weight`, `.bias`. */
  readonly name: string;
  /** A transposed 2×2 convolution of stride 2, or the nearest pixel. */
  readonly by: "convolution" | "nearest";
  /** Input channels, without the skip connection's. */
  readonly from: number;
  /** Channels before the concatenation. */
  readonly to: number;
}

/** The sum of two features, then ReLU: the end of a residual block. */
export interface AddNode extends BaseNode {
  readonly op: "add";
  /** What its features are called. */
  readonly name: string;
}

/** Takes pixels off each side. */
export interface CropNode extends BaseNode {
  readonly op: "crop";
  /** Pixels off each side. */
  readonly margin: number;
}

/** Drops features in training. */
export interface DropoutNode extends BaseNode {
  readonly op: "dropout";
  /** The share dropped. */
  readonly rate: number;
}

/** The last convolution, to logits. */
export interface HeadNode extends BaseNode {
  readonly op: "head";
  /** Its name; the weights are `NAME.weight` and `NAME.bias`. */
  readonly name: string;
  /** Input channels. */
  readonly from: number;
  /** Channels of the convolution: one more than logits, if `isPair`. */
  readonly to: number;
  /** Height and width of the kernel, an odd number; zeros keep the size. */
  readonly kernel: 1 | 3;
  /**
   * Whether its first two channels are background and object, which a softmax
   * compares; their difference is the object's logit.
   */
  readonly isPair: boolean;
}

/** One operation of a network. */
export type GraphNode =
  | ImageNode
  | ConvolutionNode
  | PoolNode
  | UpNode
  | AddNode
  | CropNode
  | DropoutNode
  | HeadNode;

/**
 * A network as data: its operations in the order in which they run, the head
 * last. What it computes, its weights, its sizes, its file for ONNX and all
 * else about it are read from this list.
 */
export type Graph = readonly GraphNode[];

/** A node of one kind. */
export type NodeOf<Op extends GraphNode["op"]> = Extract<GraphNode, { op: Op }>;

/** The nodes of one kind, in order. */
export function nodesOf<Op extends GraphNode["op"]>(
  graph: Graph,
  op: Op,
): NodeOf<Op>[] {
  return graph.filter((node): node is NodeOf<Op> => node.op === op);
}

/** A reading of a graph: a function per kind of node. */
export type Interpreter<Rest extends unknown[], Result> = {
  readonly [Op in GraphNode["op"]]: (
    node: NodeOf<Op>,
    ...rest: Rest
  ) => Result;
};

/** Interprets one node. */
export function interpret<Rest extends unknown[], Result>(
  interpreter: Interpreter<Rest, Result>,
  node: GraphNode,
  ...rest: Rest
): Result {
  const each = interpreter[node.op] as (
    node: GraphNode,
    ...rest: Rest
  ) => Result;
  return each(node, ...rest);
}
