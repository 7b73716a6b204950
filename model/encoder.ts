import type { Convolution } from "./convolution.ts";
import type { ModelPlan } from "./plan.ts";

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

/** Channels of the Paper's contracting path. */
const paperChannels = [[64, 64], [128, 128], [256, 256], [512, 512]] as const;

/**
 * The convolutions of an encoder's blocks. VGG-16's five are named and
 * numbered as in torchvision's `vgg16` and `vgg16_bn`: `features.0`, with the
 * batch norm after it as the next number; the four of the Paper's network go
 * by the same rule.
 *
 * @param plan Encoder, width, and whether batch norm follows `unet`'s.
 * @returns The blocks; a 2×2 max pooling follows each.
 */
export function encoderBlocks(
  { encoder, width, batchNorm: withBatchNorm }: Pick<
    ModelPlan,
    "encoder" | "width" | "batchNorm"
  >,
): Convolution[][] {
  const isPaper = encoder === "unet";
  const batchNorm = isPaper ? withBatchNorm : encoder === "vgg16_bn";
  const blocks: readonly (readonly number[])[] = isPaper
    ? paperChannels
    : blockChannels;
  let index = 0;
  let input = 3;
  return blocks.map((channels) => {
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
