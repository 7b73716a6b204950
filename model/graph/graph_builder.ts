import { type Extent, extentOf } from "./extent.ts";
import type { ConvolutionNode, Graph, GraphNode, HeadNode } from "./node.ts";

/** Features in a graph under construction: what a node gives. */
export interface Feature extends Extent {
  /** The node's place in the list. */
  readonly place: number;
  /** Channels. */
  readonly channels: number;
}

/** A convolution to add; what is left out is a 3×3 one of stride 1 with ReLU. */
export interface ConvolutionSpec {
  /** Its name. */
  readonly name: string;
  /** The name of the batch norm after it; none by default. */
  readonly batchNorm?: string | undefined;
  /** Output channels. */
  readonly to: number;
  /** Height and width of the kernel; 3 by default. */
  readonly kernel?: number;
  /** 1 by default. */
  readonly stride?: 1 | 2;
  /** Whether zeros keep the size; true by default. */
  readonly isPadded?: boolean;
  /** Whether there is a bias; true by default. */
  readonly bias?: boolean;
  /** Whether ReLU follows; true by default. */
  readonly relu?: boolean;
}

/** A step up to add. */
export interface UpSpec {
  /** Its name. */
  readonly name: string;
  /** Output channels of an up-convolution; without it, pixels are repeated. */
  readonly to?: number;
  /** The skip connection; none by default. */
  readonly skip?: Feature | undefined;
}

/** Lists a network's nodes; every method adds one and gives its features. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #extents: Extent[] = [];
  #block: number | undefined;

  /** What was added so far. */
  get graph(): Graph {
    return [...this.#nodes];
  }

  /** What is added from here on belongs to the encoder's next block. */
  beginBlock(): void {
    this.#block = (this.#block ?? -1) + 1;
  }

  /** What is added from here on comes after the encoder. */
  endEncoder(): void {
    this.#block = undefined;
  }

  /** The image, of so many channels. */
  image(channels: number): Feature {
    return this.#add({ op: "image", inputs: [], channels });
  }

  /** A convolution, with batch norm and ReLU. */
  convolution(x: Feature, spec: ConvolutionSpec): Feature {
    const { to, batchNorm, ...rest } = spec;
    const node: ConvolutionNode = {
      op: "convolution",
      inputs: [x.place],
      channels: to,
      from: x.channels,
      batchNorm,
      kernel: 3,
      stride: 1,
      isPadded: true,
      bias: true,
      relu: true,
      ...rest,
    };
    return this.#add(node);
  }

  /** Max pooling. */
  pool(x: Feature, size: 2 | 3): Feature {
    const { place, channels } = x;
    return this.#add({ op: "pool", inputs: [place], channels, size });
  }

  /** A step up; a skip connection that is larger is cropped. */
  up(x: Feature, { name, to: own, skip }: UpSpec): Feature {
    const fitting = skip && this.#cropped(skip, x);
    const to = own ?? x.channels;
    return this.#add({
      op: "up",
      inputs: fitting ? [x.place, fitting.place] : [x.place],
      channels: to + (skip?.channels ?? 0),
      name,
      by: own === undefined ? "nearest" : "convolution",
      from: x.channels,
      to,
    });
  }

  /** The sum of two features of one shape, and ReLU. */
  add(a: Feature, b: Feature, name: string): Feature {
    const inputs = [a.place, b.place];
    return this.#add({ op: "add", inputs, channels: a.channels, name });
  }

  /** Dropout; nothing is added where no feature is dropped. */
  dropout(x: Feature, rate: number): Feature {
    if (rate === 0) return x;
    const { place, channels } = x;
    return this.#add({ op: "dropout", inputs: [place], channels, rate });
  }

  /** The head: the last node. */
  head(
    x: Feature,
    { name, outputs, kernel, isPair = false }:
      & Pick<HeadNode, "name" | "kernel">
      & { readonly outputs: number; readonly isPair?: boolean },
  ): Feature {
    return this.#add({
      op: "head",
      inputs: [x.place],
      channels: outputs,
      name,
      from: x.channels,
      to: outputs + (isPair ? 1 : 0),
      kernel,
      isPair,
    });
  }

  /** Crops a skip connection to twice the size of the features below. */
  #cropped(skip: Feature, below: Feature): Feature {
    const margin = (below.lost - skip.lost) / (2 * skip.stride);
    if (margin === 0) return skip;
    const { place, channels } = skip;
    return this.#add({ op: "crop", inputs: [place], channels, margin });
  }

  #add(node: GraphNode): Feature {
    const whole: GraphNode = this.#block === undefined
      ? node
      : { ...node, block: this.#block };
    this.#nodes.push(whole);
    const place = this.#nodes.length - 1;
    const inputs = node.inputs.map((at) => this.#extents[at]!);
    const extent = extentOf(node, inputs);
    this.#extents.push(extent);
    return { ...extent, place, channels: node.channels };
  }
}
