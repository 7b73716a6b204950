import { extremeOf } from "./_extreme_values.ts";
import { elementNumber, type OnnxGraph } from "./onnx_graph.ts";

/**
 * Adds the stretch of dark and deep images, by the rule of `toRgb8()` in
 * `@unet/data`, for each image of the batch on its own: where the 99.9th
 * percentile is below 128, or a value above 255 shows that there are more than
 * 8 bits, values are spread from the 0.1th to the 99.9th percentile over
 * 0…255 and rounded. Other images stay as they are.
 *
 * Percentiles are values of the image (numpy's `inverted_cdf`), which `TopK`
 * finds exactly. The spread is computed in float64, as `toRgb8()` does, so that
 * no value is rounded to the other side.
 *
 * @param graph The graph under construction.
 * @param image The name of the images, float32 `[batch, 3, height, width]`.
 * @returns The name of what the network is to see, of the same type and shape.
 */
export function stretchIntensities(graph: OnnxGraph, image: string): string {
  const flat = graph.node("Reshape", [
    image,
    graph.integers("flat", [0, -1]),
  ]);
  const { lowest, highest } = ranks(graph, flat);
  const axes = graph.integers("scalar_per_image", [0, 1, 1, 1]);
  const perImage = (x: string): string => graph.node("Reshape", [x, axes]);
  const low = perImage(
    extremeOf(graph, flat, lowest, { end: "smallest", axis: 1 }),
  );
  const high = perImage(
    extremeOf(graph, flat, highest, { end: "largest", axis: 1 }),
  );
  const largest = perImage(
    graph.node("ReduceMax", [flat], { axes: [1], keepdims: 1 }),
  );
  const limit = (name: string, value: number): string =>
    graph.number(name, "float32", value);
  const isStretched = graph.node("Or", [
    graph.node("Less", [high, limit("dark_below", 128)]),
    graph.node("Greater", [largest, limit("deep_above", 255)]),
  ]);
  const spread = spreadOut(graph, image, low, high);
  return graph.node("Where", [isStretched, spread, image]);
}

/** How many of the smallest and largest values end at the percentiles. */
function ranks(
  graph: OnnxGraph,
  flat: string,
): { lowest: string; highest: string } {
  const one = graph.integers("one_value", [1]);
  const thousand = graph.integers("thousand", [1000]);
  const most = graph.integers("most_of_thousand", [999]);
  const count = graph.node("Slice", [
    graph.node("Shape", [flat]),
    one,
    graph.integers("two_axes", [2]),
  ]);
  // Integers divide without a remainder: this rounds up.
  const perThousand = (x: string): string =>
    graph.node("Div", [graph.node("Add", [x, most]), thousand]);
  const below = perThousand(graph.node("Mul", [count, most]));
  return {
    lowest: perThousand(count),
    highest: graph.node("Add", [graph.node("Sub", [count, below]), one]),
  };
}

/** From `low` and `high` to 0 and 255, rounded and cut off at both ends. */
function spreadOut(
  graph: OnnxGraph,
  image: string,
  low: string,
  high: string,
): string {
  const double = (x: string): string =>
    graph.node("Cast", [x], { to: elementNumber("float64") });
  const number = (name: string, value: number): string =>
    graph.number(name, "float64", value);
  const values = double(image), black = double(low);
  const white = number("white", 255);
  const factor = graph.node("Div", [
    white,
    graph.node("Sub", [double(high), black]),
  ]);
  const scaled = graph.node("Mul", [
    graph.node("Sub", [values, black]),
    factor,
  ]);
  const rounded = graph.node("Floor", [
    graph.node("Add", [scaled, number("half", 0.5)]),
  ]);
  // An image of one value has an infinite factor, which this leaves out.
  const inside = graph.node("Where", [
    graph.node("Greater", [values, black]),
    graph.node("Min", [rounded, white]),
    number("black", 0),
  ]);
  return graph.node("Cast", [inside], { to: elementNumber("float32") });
}
