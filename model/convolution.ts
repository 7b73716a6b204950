/** A 3×3 convolution of stride 1 that keeps the size, then ReLU. */
export interface Convolution {
  /** Its name; the weights are `NAME.weight` and `NAME.bias`. */
  readonly name: string;
  /** The name of the batch norm between it and ReLU, if there is one. */
  readonly batchNorm: string | undefined;
  /** Input channels. */
  readonly input: number;
  /** Output channels. */
  readonly output: number;
}
