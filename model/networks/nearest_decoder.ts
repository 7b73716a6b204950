import { type Decoder, scaleChannels } from "./network.ts";

/**
 * The decoder of segmentation_models.pytorch's `Unet`, with its names: for each
 * step, pixels repeated twice along both axes, the concatenation with the
 * encoder's features of that resolution where there are some, and two 3×3
 * convolutions; then a 3×3 head. Its convolutions have a bias only where no
 * batch norm follows.
 *
 * @param graph Where to add it.
 * @param features The encoder's features.
 * @param plan The plan.
 */
export const nearestDecoder: Decoder = (graph, features, plan) => {
  const { width, batchNorm, dropout, decoderChannels, outputs } = plan;
  const skips = features.slice(0, -1);
  let x = graph.dropout(features.at(-1)!, dropout);
  decoderChannels.forEach((count, index) => {
    const name = `decoder.blocks.${index}`;
    const to = scaleChannels(count, width);
    x = graph.up(x, { name, skip: skips.pop() });
    for (const part of ["conv1", "conv2"]) {
      x = graph.convolution(x, {
        name: `${name}.${part}.0`,
        batchNorm: batchNorm ? `${name}.${part}.1` : undefined,
        bias: !batchNorm,
        to,
      });
    }
  });
  graph.head(x, { name: "segmentation_head.0", outputs, kernel: 3 });
};
