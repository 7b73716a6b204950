/**
 * The problem that a network solves: its input, and the heads that it learns.
 */
export interface Task {
  /** The images. */
  readonly input: Input;
  /** What is learned for each pixel, in the order of the network's outputs. */
  readonly heads: readonly Head[];
}

/** The images that a network takes. */
export interface Input {
  /** Their channels, in the order of the network's input. */
  readonly channels: readonly Channel[];
  /** How stored values become numbers in 0…1. */
  readonly normalization: Normalization;
}

/** One channel of an image. */
export interface Channel {
  /** Its name, as in "red" or "DAPI"; unique within the input. */
  readonly name: string;
}

/**
 * How stored values become numbers in 0…1.
 *
 * `stretch-dark` takes 8-bit color as it is, and stretches dark images and
 * those of more than 8 bits between two percentiles, all channels together.
 * `color-percentiles` spreads every image of color from its 1st to its 99.8th
 * percentile, all channels together, so that hues are kept; never so far that
 * noise alone fills the range. `percentiles` is for chosen channels: it spreads
 * each channel of an image from its own 1st to its own 99.8th percentile, at
 * the depth at which the file stores it.
 */
export const normalizations = [
  "stretch-dark",
  "color-percentiles",
  "percentiles",
] as const;

/** One of {@linkcode normalizations}. */
export type Normalization = typeof normalizations[number];

/**
 * The function from a head's logits to its prediction: `sigmoid` for each
 * channel separately, `softmax` over all its channels, or `none`.
 */
export const activations = ["sigmoid", "softmax", "none"] as const;

/** One of {@linkcode activations}. */
export type Activation = typeof activations[number];

/**
 * The loss of a head where a file does not store it, as of format versions 1 to
 * 3 of models. It names no loss function.
 */
export const unknownLoss = "unknown";

/** One thing that is learned for each pixel. */
export interface Head {
  /** Its name, by which batches, predictions and scores hold it. */
  readonly name: string;
  /** Its channels among the network's outputs, at least one. */
  readonly channels: number;
  /** What turns its logits into what it predicts. */
  readonly activation: Activation;
  /** Its ground truth: the name of a function of labels, as in "object". */
  readonly target: string;
  /** The name of its loss function, as in "bce". */
  readonly loss: string;
  /** How much its loss counts in the sum of all heads' losses, 0 or more. */
  readonly weight: number;
  /** The names of its channels, where each is a class; the background first. */
  readonly classes?: readonly string[];
  /** How much each class counts in its loss; alike if not given. */
  readonly classWeights?: readonly number[];
}
