import type { Feature, GraphBuilder } from "../graph/graph_builder.ts";
import { type Encoder, type LayerPlan, scaleChannels } from "./network.ts";

/**
 * Channels of VGG-16's convolutions, a row for each block between poolings
 * (configuration D of Simonyan and Zisserman, 2015).
 */
export const vggChannels = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/**
 * The contracting path of plain convolutions: a 2×2 max pooling follows each
 * block, and its features are taken before that. Convolutions are named and
 * numbered as in torchvision's `vgg16` and `vgg16_bn`: `features.0`, with the
 * batch norm after it as the next number.
 *
 * @param graph Where to add it.
 * @param image The image.
 * @param options Channels of each block's convolutions, and the plan.
 * @returns The features of each block, and those after the last pooling.
 */
export function plainEncoder(
  graph: GraphBuilder,
  image: Feature,
  { channels, batchNorm, isPadded = true, width }:
    & Pick<LayerPlan, "width" | "batchNorm">
    & {
      readonly channels: readonly (readonly number[])[];
      readonly isPadded?: boolean;
    },
): Feature[] {
  const features: Feature[] = [];
  let index = 0;
  let x = image;
  for (const block of channels) {
    graph.beginBlock();
    for (const count of block) {
      x = graph.convolution(x, {
        name: `encoder.features.${index}`,
        batchNorm: batchNorm ? `encoder.features.${index + 1}` : undefined,
        to: scaleChannels(count, width),
        isPadded,
      });
      index += batchNorm ? 3 : 2;
    }
    features.push(x);
    x = graph.pool(x, 2);
    index += 1;
  }
  return [...features, x];
}

/** VGG-16, with batch norm or without. */
export function vgg16(batchNorm: boolean): Encoder {
  return (graph, image, { width }) =>
    plainEncoder(graph, image, { channels: vggChannels, batchNorm, width });
}
