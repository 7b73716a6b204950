import { type GraphNode, interpret, type Interpreter } from "./node.ts";

/**
 * How large features are: `(size − lost) / stride` pixels along an axis along
 * which the image has `size`.
 */
export interface Extent {
  /** The image's pixels from one pixel of the features to the next. */
  readonly stride: number;
  /** The image's pixels, both sides together, that the features lack. */
  readonly lost: number;
}

/** By the extent of what a node computes from, the first input first. */
const extents: Interpreter<[Extent[]], Extent> = {
  image: () => ({ stride: 1, lost: 0 }),
  convolution: ({ kernel, stride, isPadded }, [from]) =>
    halved(
      shrunk(from!, isPadded ? 0 : kernel - 1),
      stride,
    ),
  pool: (_, [from]) => halved(from!, 2),
  up: (_, [from]) => ({ ...from!, stride: from!.stride / 2 }),
  add: (_, [from]) => from!,
  crop: ({ margin }, [from]) => shrunk(from!, 2 * margin),
  dropout: (_, [from]) => from!,
  head: (_, [from]) => from!,
};

/**
 * How large a node's output is.
 *
 * @param node The node.
 * @param inputs The extents of what it computes from.
 * @returns Its extent.
 */
export function extentOf(node: GraphNode, inputs: Extent[]): Extent {
  return interpret(extents, node, inputs);
}

/** The extents of all nodes of a graph. */
export function extentsOf(graph: readonly GraphNode[]): Extent[] {
  const found: Extent[] = [];
  for (const node of graph) {
    found.push(extentOf(node, node.inputs.map((place) => found[place]!)));
  }
  return found;
}

/** Whether a node takes every second pixel, and so needs an even number. */
export function halves(node: GraphNode): boolean {
  return node.op === "pool" || node.op === "convolution" && node.stride === 2;
}

function halved({ stride, lost }: Extent, by: 1 | 2): Extent {
  return { stride: stride * by, lost };
}

function shrunk({ stride, lost }: Extent, pixels: number): Extent {
  return { stride, lost: lost + pixels * stride };
}
