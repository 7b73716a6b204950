import type { Feature, GraphBuilder } from "../graph/graph_builder.ts";
import { type Decoder, type LayerPlan, scaleChannels } from "./network.ts";

/**
 * A decoder of up-convolutions: convolutions at the lowest resolution, and for
 * each step a transposed 2×2 convolution, the concatenation with the encoder's
 * features of twice the resolution, and two convolutions; then a 1×1 head.
 *
 * @param bottom Channels of the convolutions at the bottom, before the width.
 * @param isPair Whether a softmax compares the head's first two channels.
 * @returns The decoder.
 */
export function upConvolutionDecoder(
  bottom: readonly number[],
  isPair = false,
): Decoder {
  return (graph, features, plan) => {
    const { width, outputs } = plan;
    const skips = features.slice(0, -1);
    let x = sequence(graph, features.at(-1)!, {
      prefix: "bottleneck",
      channels: bottom.map((count) => scaleChannels(count, width)),
      plan,
    });
    x = graph.dropout(x, plan.dropout);
    plan.decoderChannels.forEach((count, index) => {
      const to = scaleChannels(count, width);
      const name = `decoder.${index}`;
      x = graph.up(x, { name: `${name}.up`, to, skip: skips.pop() });
      x = sequence(graph, x, {
        prefix: `${name}.convolutions`,
        channels: [to, to],
        plan,
      });
    });
    graph.head(x, { name: "head", outputs, kernel: 1, isPair });
  };
}

/** Numbers convolutions as PyTorch's `nn.Sequential` does, ReLU counted in. */
function sequence(
  graph: GraphBuilder,
  start: Feature,
  { prefix, channels, plan: { batchNorm, padding } }: {
    readonly prefix: string;
    readonly channels: readonly number[];
    readonly plan: LayerPlan;
  },
): Feature {
  const step = batchNorm ? 3 : 2;
  return channels.reduce((x, to, position) =>
    graph.convolution(x, {
      name: `${prefix}.${position * step}`,
      batchNorm: batchNorm ? `${prefix}.${position * step + 1}` : undefined,
      to,
      isPadded: padding === "same",
    }), start);
}
