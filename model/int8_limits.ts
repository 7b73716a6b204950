import type { Int8ConvolutionAttrs } from "@unet/device/fused-kernels";
import { cannot, ModelError } from "@unet/errors";
import type { Convolution } from "./convolution.ts";
import type { FeatureLimits } from "./int8.ts";
import type { Layers } from "./layers.ts";

/**
 * What eight bits span at the input and output of a convolution: its input is
 * what the layer before it gives.
 *
 * @param layers The network's layers.
 * @param layer One of its convolutions of 3×3.
 * @param limits How large each layer's features get.
 * @returns The limits; null for the first convolution, which stays in floats.
 * @throws {ModelError} If a layer's limit is missing.
 */
export function int8Limits(
  { encoder, bottleneck, decoder }: Layers,
  layer: Convolution,
  limits: FeatureLimits,
): Int8ConvolutionAttrs | null {
  const chain = [
    ...encoder.flat(),
    ...bottleneck,
    ...decoder.flatMap(({ up, convolutions }) => [up, ...convolutions]),
  ];
  const place = chain.findIndex(({ name }) => name === layer.name);
  const before = chain[place - 1];
  if (!before) return null;
  const isLast = place === chain.length - 1;
  return {
    inputLimit: limitOf(limits, before.name),
    // An up-convolution has no ReLU.
    signed: decoder.some(({ up }) => up.name === before.name),
    outputLimit: isLast ? null : limitOf(limits, layer.name),
  };
}

function limitOf(limits: FeatureLimits, name: string): number {
  const limit = limits.get(name);
  // Features that were all zero have no size; any limit keeps them.
  if (limit !== undefined) return limit || 1;
  throw new ModelError(
    cannot("compute in int8", "layer", name, {
      found: "no limit of its features",
      expected: "those of every layer",
      remedy: "measure them with unet calibrate",
    }),
  );
}
