import type { Feature, GraphBuilder } from "../graph/graph_builder.ts";
import { type Encoder, scaleChannels } from "./network.ts";

/** Channels of the four stages' 3×3 convolutions, before the width. */
const stageChannels = [64, 128, 256, 512] as const;

/** How a residual block is built (He et al., 2016). */
interface BlockKind {
  /** Channels that it gives, as a multiple of its 3×3 convolution's. */
  readonly expansion: number;
  /** Adds what the block's input is added to. */
  readonly branch: (
    graph: GraphBuilder,
    x: Feature,
    block: { name: string; channels: number; stride: 1 | 2 },
  ) => Feature;
}

/** Two convolutions of 3×3, the first of which strides: ResNet-34's block. */
const basic: BlockKind = {
  expansion: 1,
  branch: (graph, x, { name, channels, stride }) => {
    const first = normed(graph, x, { name, part: 1, to: channels, stride });
    return normed(graph, first, { name, part: 2, to: channels, relu: false });
  },
};

/**
 * Convolutions of 1×1, 3×3 and 1×1, the second of which strides as in
 * torchvision: ResNet-50's block.
 */
const bottleneck: BlockKind = {
  expansion: 4,
  branch: (graph, x, { name, channels, stride }) => {
    const narrow = normed(graph, x, { name, part: 1, to: channels, kernel: 1 });
    const middle = normed(graph, narrow, {
      ...{ name, part: 2, to: channels },
      stride,
    });
    const to = 4 * channels;
    return normed(graph, middle, {
      ...{ name, part: 3, to, kernel: 1, relu: false },
    });
  },
};

/** ResNet-34: 3, 4, 6 and 3 blocks of two convolutions. */
export const resnet34: Encoder = resnet([3, 4, 6, 3], basic);

/** ResNet-50: 3, 4, 6 and 3 blocks of three convolutions. */
export const resnet50: Encoder = resnet([3, 4, 6, 3], bottleneck);

/**
 * A residual encoder, with torchvision's layers and names: a 7×7 convolution
 * of stride 2, a 3×3 max pooling of stride 2, four stages of residual blocks.
 * Its features are those of the first convolution and of each stage, as in
 * segmentation_models.pytorch; stem and stages are its five blocks.
 *
 * @param counts Blocks of each stage.
 * @param kind How they are built.
 * @returns The encoder.
 */
function resnet(counts: readonly number[], kind: BlockKind): Encoder {
  return (graph, image, { width }) => {
    graph.beginBlock();
    const stem = graph.convolution(image, {
      name: "encoder.conv1",
      batchNorm: "encoder.bn1",
      to: scaleChannels(64, width),
      kernel: 7,
      stride: 2,
      bias: false,
    });
    let x = stem;
    const stages = counts.map((count, stage) => {
      graph.beginBlock();
      if (stage === 0) x = graph.pool(x, 3);
      for (let index = 0; index < count; index++) {
        x = residual(graph, x, kind, {
          name: `encoder.layer${stage + 1}.${index}`,
          channels: scaleChannels(stageChannels[stage]!, width),
          stride: stage > 0 && index === 0 ? 2 : 1,
        });
      }
      return x;
    });
    return [stem, ...stages];
  };
}

/** A residual block; where shapes differ, a 1×1 convolution fits its input. */
function residual(
  graph: GraphBuilder,
  x: Feature,
  { expansion, branch }: BlockKind,
  block: { name: string; channels: number; stride: 1 | 2 },
): Feature {
  const { name, channels, stride } = block;
  const y = branch(graph, x, block), to = expansion * channels;
  const isSame = stride === 1 && x.channels === to;
  const identity = isSame ? x : graph.convolution(x, {
    name: `${name}.downsample.0`,
    batchNorm: `${name}.downsample.1`,
    ...{ to, kernel: 1, stride, bias: false, relu: false },
  });
  return graph.add(y, identity, name);
}

/** A convolution of a block, `NAME.conv1` … with `NAME.bn1` … after it. */
function normed(
  graph: GraphBuilder,
  x: Feature,
  { name, part, ...spec }: {
    readonly name: string;
    readonly part: number;
    readonly to: number;
    readonly kernel?: number;
    readonly stride?: 1 | 2;
    readonly relu?: boolean;
  },
): Feature {
  return graph.convolution(x, {
    name: `${name}.conv${part}`,
    batchNorm: `${name}.bn${part}`,
    bias: false,
    ...spec,
  });
}
