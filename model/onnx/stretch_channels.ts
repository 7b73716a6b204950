import { extremeOf } from "./_extreme_values.ts";
import { elementNumber, type OnnxGraph } from "./onnx_graph.ts";

/**
 * Adds the normalization of chosen channels, by the rule of
 * `normalizeChannels()` in `@unet/data`: each channel of each image from its
 * 1st to its 99.8th percentile over 0…1, cut off at both ends; from its
 * smallest to its largest value where the percentiles are one value, and 0
 * where these are one, too.
 *
 * A percentile is a value of the channel (numpy's `inverted_cdf`), which `TopK`
 * finds exactly. The spread is computed in float64, as the rule does.
 *
 * @param graph The graph.
 * @param image The name of the images, `[batch, channels, height, width]`.
 * @returns The name of the normalized images.
 */
export function stretchChannels(graph: OnnxGraph, image: string): string {
  const flat = graph.node("Reshape", [
    image,
    graph.integers("flat_channels", [0, 0, -1]),
  ]);
  const count = graph.node("Slice", [
    graph.node("Shape", [flat]),
    graph.integers("third_axis", [2]),
    graph.integers("three_axes", [3]),
  ]);
  const one = graph.integers("one_value", [1]);
  const lowest = rankOf(graph, count, 10);
  const highest = graph.node("Add", [
    graph.node("Sub", [count, rankOf(graph, count, 998)]),
    one,
  ]);
  const ends = { axes: [2], keepdims: 1 };
  const low = extremeOf(graph, flat, lowest, { end: "smallest", axis: 2 });
  const high = extremeOf(graph, flat, highest, { end: "largest", axis: 2 });
  const isSpread = graph.node("Less", [low, high]);
  const bound = (name: string, percentile: string): string =>
    double(
      graph,
      graph.node("Where", [
        isSpread,
        percentile,
        graph.node(name, [flat], ends),
      ]),
    );
  const from = bound("ReduceMin", low), to = bound("ReduceMax", high);
  const number = (name: string, value: number): string =>
    graph.number(name, "float64", value);
  const zero = number("darkest", 0), white = number("brightest", 1);
  const width = graph.node("Sub", [to, from]);
  const spread = graph.node("Div", [
    graph.node("Sub", [double(graph, flat), from]),
    width,
  ]);
  // A channel of one value has no width, which this leaves out.
  const inside = graph.node("Where", [
    graph.node("Greater", [width, zero]),
    graph.node("Max", [graph.node("Min", [spread, white]), zero]),
    zero,
  ]);
  return graph.node("Reshape", [
    graph.node("Cast", [inside], { to: elementNumber("float32") }),
    graph.node("Shape", [image]),
  ]);
}

/** How many of the smallest values end at a share, in thousandths. */
function rankOf(graph: OnnxGraph, count: string, share: number): string {
  const product = graph.node("Mul", [
    count,
    graph.integers(`thousandths_${share}`, [share]),
  ]);
  // Integers divide without a remainder: this rounds up.
  return graph.node("Div", [
    graph.node("Add", [product, graph.integers(`rounding_${share}`, [999])]),
    graph.integers(`thousand_${share}`, [1000]),
  ]);
}

function double(graph: OnnxGraph, x: string): string {
  return graph.node("Cast", [x], { to: elementNumber("float64") });
}
