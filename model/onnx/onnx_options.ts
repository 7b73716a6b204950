/**
 * How a network is written as ONNX. Runs in a browser.
 *
 * @module
 */

/** Whose work it is that images have a size that the network takes. */
export const onnxSizes = ["any", "fitting"] as const;

/** One of {@linkcode onnxSizes}. */
export type OnnxSizes = typeof onnxSizes[number];

/** Which outputs a graph has: one per head, or one of all heads' values. */
export const onnxOutputs = ["separate", "joined"] as const;

/** One of {@linkcode onnxOutputs}. */
export type OnnxOutputs = typeof onnxOutputs[number];

/** How {@linkcode serializeOnnx} writes a network. */
export interface OnnxOptions {
  /** Whether as float16, in half the bytes; float32 by default. */
  readonly half?: boolean;
  /**
   * Whether batch norm is folded into the convolutions, which makes the model
   * smaller and faster; true by default.
   */
  readonly fold?: boolean;
  /**
   * `any`, the default: the model pads images and crops its outputs. `fitting`:
   * it takes the sizes of `sizeRule()` alone, in a graph without computed
   * shapes, for programs that cannot run them.
   */
  readonly sizes?: OnnxSizes;
  /**
   * Whether the model stretches dark images and those of more than 8 bits, as
   * `toRgb8()` of `@unet/data` does; true by default, but for a network of
   * normalization `color-percentiles`, whose rule measures the noise of an
   * image and is described in the metadata alone. False is for callers that cut
   * tiles, whose stretch is the whole image's.
   */
  readonly stretch?: boolean;
  /**
   * `separate`, the default: logits, and an output per head. `joined`: one
   * output, `prediction`, of the heads' values one after the other, after their
   * activation, for programs that take a single tensor.
   */
  readonly outputs?: OnnxOutputs;
  /** Free text for the file, by name. */
  readonly metadata?: Readonly<Record<string, string>>;
}
