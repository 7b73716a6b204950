import type { Convolution } from "./convolution.ts";
import type { EncoderName } from "./plan.ts";

/**
 * Channels of VGG-16's convolutions, a row for each block between poolings
 * (configuration D of Simonyan and Zisserman, 2015).
 */
const blockChannels = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/**
 * The convolutions of VGG-16's five blocks, named and numbered as in
 * torchvision's `vgg16` and `vgg16_bn`: `features.0`, with the batch norm
 * after it as the next number.
 *
 * @param encoder With or without batch norm.
 * @param width Multiplies the channels.
 * @returns The blocks; a 2×2 max pooling follows each.
 */
export function vgg16Blocks(
  encoder: EncoderName,
  width: number,
): Convolution[][] {
  const batchNorm = encoder === "vgg16_bn";
  let index = 0;
  let input = 3;
  return blockChannels.map((channels) => {
    const block = channels.map((count) => {
      const output = scaleChannels(count, width);
      const convolution: Convolution = {
        name: `encoder.features.${index}`,
        batchNorm: batchNorm ? `encoder.features.${index + 1}` : undefined,
        input,
        output,
      };
      index += batchNorm ? 3 : 2;
      input = output;
      return convolution;
    });
    index += 1;
    return block;
  });
}

/** Applies a width multiplier to a number of channels; at least one stays. */
export function scaleChannels(channels: number, width: number): number {
  return Math.max(1, Math.round(channels * width));
}
