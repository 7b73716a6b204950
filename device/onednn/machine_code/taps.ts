const f32 = 4;

/** Kernels `[3, 3, in, out]` as tfjs has them. */
export interface Kernels {
  /** Where they lie. */
  readonly address: bigint;
  /** Input channels. */
  readonly inputs: number;
  /** Output channels. */
  readonly outputs: number;
}

/** Convolves with a kernel turned around to get an input's gradient. */
export type Direction = "forward" | "data";

/** How a program finds the nine numbers of each kernel. */
export function tapsOf(
  { address, inputs, outputs }: Kernels,
  direction: Direction,
  lanes: 8 | 16,
) {
  const tap = inputs * outputs * f32;
  return direction === "forward"
    ? {
      values: {
        kernel: address,
        inputs,
        ...{ tap, input: outputs * f32, block: lanes * f32 },
      },
      laneBytes: f32,
    }
    : {
      values: {
        // The last of the nine first.
        kernel: address + BigInt(8 * tap),
        inputs: outputs,
        ...{ tap: -tap, input: f32, block: lanes * outputs * f32 },
      },
      laneBytes: outputs * f32,
    };
}
