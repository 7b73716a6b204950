import type { OnnxGraph } from "./onnx_graph.ts";

/**
 * The last of so many smallest or largest values along an axis, as nodes of a
 * graph.
 *
 * @param graph Changed in place.
 * @param values What they are taken of.
 * @param rank How many, as a tensor of one integer.
 * @param options Which end, and along which axis.
 * @returns The name of the value, the axis kept.
 */
export function extremeOf(
  graph: OnnxGraph,
  values: string,
  rank: string,
  { end, axis }: {
    readonly end: "smallest" | "largest";
    readonly axis: number;
  },
): string {
  const found = graph.node("TopK", [values, rank], {
    axis,
    largest: end === "largest" ? 1 : 0,
    sorted: 0,
  }, [`${end}_values`, `${end}_places`]);
  const reduce = end === "largest" ? "ReduceMin" : "ReduceMax";
  return graph.node(reduce, [found], { axes: [axis], keepdims: 1 });
}
