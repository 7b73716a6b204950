import type { Normalization } from "./plan.ts";

/** Channels of the images that published weights were trained on. */
const colors = 3;

/**
 * The normalization of a network of three channels for another number of them:
 * one channel takes the mean of the three; several take the three in turn.
 *
 * @param normalization Of red, green and blue, or of as many channels.
 * @param channels Channels of the input.
 */
export function fitNormalization(
  { mean, deviation }: Normalization,
  channels: number,
): Normalization {
  const fit = (values: readonly number[]): readonly number[] =>
    values.length === channels
      ? values
      : channels === 1
      ? [values.reduce((sum, one) => sum + one, 0) / values.length]
      : Array.from(
        { length: channels },
        (_, at) => values[at % values.length]!,
      );
  return { mean: fit(mean), deviation: fit(deviation) };
}

/**
 * Adapts a first convolution of three channels to another number of them, as
 * timm and segmentation_models.pytorch do: one channel takes the sum over red,
 * green and blue; several take the three in turn, scaled by 3/N, so that
 * features keep their size.
 *
 * @param kernel Values `[k, k, 3, out]`.
 * @param shape Channels of the input, and of the output.
 * @returns Values `[k, k, channels, out]`.
 */
export function fitKernel(
  kernel: Float32Array,
  { channels, outputs }: {
    readonly channels: number;
    readonly outputs: number;
  },
): Float32Array {
  const taps = kernel.length / (colors * outputs);
  const out = new Float32Array(taps * channels * outputs);
  const scale = channels === 1 ? 1 : colors / channels;
  for (let tap = 0; tap < taps; tap++) {
    for (let from = 0; from < Math.max(colors, channels); from++) {
      const to = channels === 1 ? 0 : from;
      if (to >= channels) continue;
      for (let output = 0; output < outputs; output++) {
        const value =
          kernel[(tap * colors + from % colors) * outputs + output]!;
        out[(tap * channels + to) * outputs + output]! += value * scale;
      }
    }
  }
  return out;
}
