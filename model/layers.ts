import type { Convolution } from "./convolution.ts";
import type { ModelPlan } from "./plan.ts";
import { encoderBlocks, scaleChannels } from "./encoder.ts";

/** A layer of other shape: a 2×2 up-convolution or the 1×1 head. */
export interface Projection {
  /** Its name; the weights are `NAME.weight` and `NAME.bias`. */
  readonly name: string;
  /** Input channels. */
  readonly input: number;
  /** Output channels. */
  readonly output: number;
}

/** One step up: up-convolution, concatenation with the skip, convolutions. */
export interface DecoderStep {
  /** Doubles height and width. */
  readonly up: Projection;
  /** Channels of the encoder's features that are concatenated after `up`'s. */
  readonly skip: number;
  /** The two convolutions after the concatenation. */
  readonly convolutions: readonly Convolution[];
}

/** The whole network as data. */
export interface Layers {
  /** Blocks; features are taken before the 2×2 max pooling of each. */
  readonly encoder: readonly (readonly Convolution[])[];
  /** The convolutions at the lowest resolution. */
  readonly bottleneck: readonly Convolution[];
  /** Steps from the bottom up. */
  readonly decoder: readonly DecoderStep[];
  /**
   * To one channel of logits, or to two that a softmax compares; and to one
   * more where borders are an output.
   */
  readonly head: Projection;
}

/** Channels of the bottleneck's convolutions, before the width. */
const bottleneckChannels = [1024, 1024, 1024, 512] as const;

/** The same in the Paper's network. */
const paperBottleneckChannels = [1024, 1024] as const;

/**
 * Lays out the report's network (VGG-16, four convolutions at the bottom, five
 * steps up, a 1×1 head) or the Paper's (four blocks of two convolutions, two
 * at the bottom, four steps up, a 1×1 head of two channels); the head has one
 * channel more where borders are an output.
 *
 * @param plan The plan, complete.
 * @returns The layers in order.
 *
 * @example
 * ```ts
 * import { completePlan, layersOf } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const layers = layersOf(completePlan());
 * assertEquals(layers.encoder.flat().length, 13);
 * assertEquals(layers.decoder.map((step) => step.up.output), [512, 256, 128, 64, 32]);
 * ```
 */
export function layersOf(plan: ModelPlan): Layers {
  const { width, batchNorm } = plan;
  const isPaper = plan.encoder === "unet";
  const bottom = isPaper ? paperBottleneckChannels : bottleneckChannels;
  const encoder = encoderBlocks(plan);
  const skips = encoder.map((block) => block.at(-1)!.output).reverse();
  const bottleneck = sequence(
    "bottleneck",
    skips[0]!,
    bottom.map((count) => scaleChannels(count, width)),
    batchNorm,
  );
  let input = bottleneck.at(-1)!.output;
  const decoder = plan.decoderChannels.map((count, index) => {
    const output = scaleChannels(count, width);
    const skip = skips[index]!;
    const step: DecoderStep = {
      up: { name: `decoder.${index}.up`, input, output },
      skip,
      convolutions: sequence(
        `decoder.${index}.convolutions`,
        output + skip,
        [output, output],
        batchNorm,
      ),
    };
    input = output;
    return step;
  });
  return {
    encoder,
    bottleneck,
    decoder,
    head: { name: "head", input, output: plan.outputs + (isPaper ? 1 : 0) },
  };
}

/** Numbers convolutions as PyTorch's `nn.Sequential` does, ReLU counted in. */
function sequence(
  prefix: string,
  input: number,
  outputs: readonly number[],
  batchNorm: boolean,
): Convolution[] {
  const stride = batchNorm ? 3 : 2;
  return outputs.map((output, position) => ({
    name: `${prefix}.${position * stride}`,
    batchNorm: batchNorm ? `${prefix}.${position * stride + 1}` : undefined,
    input: position === 0 ? input : outputs[position - 1]!,
    output,
  }));
}
