import type { Feature, GraphBuilder } from "../graph/graph_builder.ts";

/**
 * What convolutions do at the border: `same` keeps the size, with zeros
 * outside; `valid` computes only where nine pixels are known, and so takes a
 * pixel off each side.
 */
export const paddings = ["same", "valid"] as const;

/** One of {@linkcode paddings}. */
export type Padding = typeof paddings[number];

/** The settings that decide which layers a network has. */
export interface LayerPlan {
  /** Multiplies the channels of every layer; 1 is the published network. */
  readonly width: number;
  /**
   * Whether batch norm follows the convolutions of bottleneck and decoder. An
   * encoder's own comes with its name; that of `unet` follows this setting.
   */
  readonly batchNorm: boolean;
  /**
   * Channels of the decoder's steps from the bottom up, before `width`: five,
   * or four with `unet`.
   */
  readonly decoderChannels: readonly number[];
  /**
   * What convolutions do at the border; only `unet` without batch norm works
   * without padding.
   */
  readonly padding: Padding;
  /** The share of bottleneck features dropped in training, 0 to below 1. */
  readonly dropout: number;
  /** Logits per pixel: the channels of all heads. */
  readonly outputs: number;
}

/**
 * Adds an encoder's nodes.
 *
 * @returns Its features, the finest first: the last is what the decoder starts
 * from, the others are skip connections.
 */
export type Encoder = (
  graph: GraphBuilder,
  image: Feature,
  plan: LayerPlan,
) => Feature[];

/** Adds a decoder's nodes and the head to an encoder's features. */
export type Decoder = (
  graph: GraphBuilder,
  features: readonly Feature[],
  plan: LayerPlan,
) => void;

/** A network: what lays out its layers, and what a plan leaves out. */
export interface Network {
  /** What it is, in a few words, for help. */
  readonly help: string;
  /** Adds the encoder. */
  readonly encoder: Encoder;
  /** Adds decoder and head. */
  readonly decoder: Decoder;
  /** Whether batch norm is part of the encoder, whatever a plan says. */
  readonly encoderNorm: boolean;
  /** Blocks of the encoder, each of which can be frozen. */
  readonly blocks: number;
  /** Settings where a plan has none; `decoderChannels` says how many steps. */
  readonly defaults: Pick<
    LayerPlan,
    "batchNorm" | "decoderChannels" | "padding"
  >;
  /** Whether a softmax compares the first head's object with background. */
  readonly isPair?: boolean;
  /** Whether its convolutions work without padding, where no norm follows. */
  readonly worksUnpadded: boolean;
  /**
   * Torchvision's file of the encoder's ImageNet weights; its name ends with
   * the first digits of its SHA-256.
   */
  readonly imagenet?: string;
}

/** Applies a width multiplier to a number of channels; at least one stays. */
export function scaleChannels(channels: number, width: number): number {
  return Math.max(1, Math.round(channels * width));
}
