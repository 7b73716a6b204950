import type * as tf from "@tensorflow/tfjs-core";
import type { Random } from "@unet/random";
import type { FeatureLimits, FeatureObserver } from "./int8.ts";
import type { Task } from "@unet/task";
import type { ModelPlan } from "./plan.ts";

/** How a forward pass runs. */
export interface ForwardOptions {
  /**
   * Whether batch norm uses the batch's statistics and moves the running
   * ones, dropout drops, and gradients can flow.
   */
  readonly training: boolean;
  /** Decides what dropout drops; needed in training where dropout is on. */
  readonly random?: Random;
  /**
   * In training, the batch's share in the new running statistics, 0…1; 0.1 by
   * default, as in PyTorch. 1/n at the n-th batch makes them plain averages.
   */
  readonly statisticsMomentum?: number;
  /**
   * In training, the batch that this one is a part of: batch norm takes the
   * statistics of all of it. By default it is a whole batch.
   */
  readonly sharedBatch?: SharedBatch;
  /**
   * In training, receives the gradient of each trained tensor as soon as a
   * backward pass knows it, those of the last layers first. It stays the
   * backward pass's.
   */
  readonly onGradient?: (name: string, gradient: tf.Tensor) => void;
  /** Called with each layer's features in inference. */
  readonly observe?: FeatureObserver;
  /**
   * Computes in inference on numbers of eight bits that span these limits,
   * first convolution and head excepted, and up-convolutions where the device
   * has no kernels of planes for them.
   */
  readonly int8?: FeatureLimits;
  /**
   * The most values of a layer's features at a time in inference: a larger
   * batch runs in several passes, each image for itself as before. 2²⁵ by
   * default; one image may have more.
   */
  readonly mostValues?: number;
}

/** A batch of which other processes have parts. */
export interface SharedBatch {
  /** Images of this part that count: all of them, or 0. */
  readonly images: number;
  /**
   * Replaces values by their sums over all processes, and blocks until they are
   * there. Every process calls it as often, with as many values.
   */
  sum(values: Float64Array<ArrayBuffer>): void;
}

/** A network that the Trainer trains and inference runs. */
export interface Model {
  /** Everything that says which network it is. */
  readonly plan: ModelPlan;
  /** Height and width of an output must be multiples of this, less a constant. */
  readonly sizeMultiple: number;
  /** Pixels on each side of an input that its output lacks: 0 with padding. */
  readonly margin: number;
  /** What comes in, and what is learned. */
  readonly task: Task;
  /**
   * All tensors by PyTorch's names, parameters and running statistics:
   * kernels `[height, width, in, out]`, up-convolutions
   * `[height, width, out, in]`, vectors `[channels]`.
   */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /** The names of the tensors that training changes by gradient. */
  readonly trainable: readonly string[];
  /**
   * Freezes the encoder from the next forward pass on, or thaws it: what is
   * frozen keeps weights and statistics, and costs no backward pass. The plan
   * says which.
   *
   * @param frozen Whether it is frozen, or how many of its blocks are, counted
   * from the input.
   * @throws {RangeError} If it has fewer blocks.
   */
  freezeEncoder(frozen: boolean | number): void;
  /**
   * Runs the network.
   *
   * @param x Images `[N, H, W, 3]` in 0…1.
   * @param options Whether it trains.
   * @returns Logits `[N, H − 2·margin, W − 2·margin, outputs]`: of an object,
   * then of its border; the caller disposes them. Where a softmax compares
   * object and background, it is what the object's channel has more than the
   * background's, whose sigmoid is the softmax of the two.
   * @throws {TypeError} If the input has another rank or number of channels,
   * or dropout lacks its source of random numbers.
   * @throws {RangeError} If there is no image, or the network does not take
   * that height or width; the message says what to pad to.
   */
  forward(x: tf.Tensor4D, options: ForwardOptions): tf.Tensor4D;
  /** Frees the weights. */
  dispose(): void;
}
