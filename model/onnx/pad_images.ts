import type { OnnxGraph } from "./onnx_graph.ts";
import type { ModelPlan } from "../plan.ts";
import { marginOf, sizeRule } from "../sizes.ts";

/** Images that are padded to a size that the network takes. */
export interface PaddedImages {
  /** The name of the padded images. */
  readonly images: string;
  /**
   * Cuts what the network gives for them to the size of the images.
   *
   * @param x The name of the network's output, four-dimensional.
   * @param output The name of the result.
   */
  crop(x: string, output: string): string;
}

/**
 * Adds padding to the next height and width that the network takes, computed
 * from the images' own when the model runs. Images lie in the center of what is
 * mirrored about their first and last pixels, back and forth where there are
 * few, as windows of `planWindows()` in `@unet/infer` do. ONNX's own `Pad`
 * cannot mirror more pixels than there are, so pixels are gathered by index.
 *
 * Where the network's output lacks a margin, padding makes up for it too.
 *
 * @param graph The graph under construction.
 * @param plan The network.
 * @param images The name of the images, `[batch, 3, height, width]`.
 */
export function padImages(
  graph: OnnxGraph,
  plan: ModelPlan,
  images: string,
): PaddedImages {
  const { multiple, extra, least } = sizeRule(plan), margin = marginOf(plan);
  const number = (name: string, value: number): string =>
    graph.integers(name, [value]);
  const add = (a: string, b: string): string => graph.node("Add", [a, b]);
  const subtract = (a: string, b: string): string => graph.node("Sub", [a, b]);
  const one = number("one_pixel", 1), two = number("two_pixels", 2);
  // Height and width are computed side by side, in vectors of two numbers.
  const axes = graph.integers("image_axes", [2, 3]);
  const sizes = graph.node("Gather", [graph.node("Shape", [images]), axes]);
  const step = number("size_multiple", multiple);
  const steps = graph.node("Div", [
    add(sizes, number("size_excess", 2 * margin - extra + multiple - 1)),
    step,
  ]);
  const fitting = graph.node("Max", [
    add(graph.node("Mul", [steps, step]), number("size_extra", extra)),
    number("size_least", least),
  ]);
  const insets = graph.node("Div", [subtract(fitting, sizes), two]);
  const firsts = graph.node("Neg", [insets]);
  const ends = add(firsts, fitting);
  const period = graph.node("Max", [
    graph.node("Mul", [subtract(sizes, one), two]),
    one,
  ]);
  let padded = images;
  for (const [place, axis] of [2, 3].entries()) {
    const index = graph.integer(`axis_${axis}`, place);
    const of = (vector: string): string =>
      graph.node("Gather", [vector, index]);
    const places = graph.node("Range", [
      of(firsts),
      of(ends),
      graph.integer(`step_${axis}`, 1),
    ]);
    const round = of(period), phase = graph.node("Mod", [places, round]);
    const sources = graph.node("Min", [phase, subtract(round, phase)]);
    padded = graph.node("Gather", [padded, sources], { axis });
  }
  const starts = margin === 0
    ? insets
    : subtract(insets, number("output_margin", margin));
  const stops = add(starts, sizes);
  return {
    images: padded,
    crop: (x, output) =>
      graph.node("Slice", [x, starts, stops, axes], {}, [output]),
  };
}
