import { nearestDecoder } from "./nearest_decoder.ts";
import type { Network } from "./network.ts";
import { paperBottom, paperEncoder } from "./paper_unet.ts";
import { resnet34, resnet50 } from "./resnet.ts";
import { upConvolutionDecoder } from "./up_convolution_decoder.ts";
import { vgg16 } from "./vgg16.ts";

/** The report's network, around VGG-16. */
const report = {
  decoder: upConvolutionDecoder([1024, 1024, 1024, 512]),
  blocks: 5,
  defaults: {
    batchNorm: true,
    decoderChannels: [512, 256, 128, 64, 32],
    padding: "same",
  },
  worksUnpadded: false,
} as const;

/** segmentation_models.pytorch's `Unet` around a residual encoder. */
const residual = {
  encoderNorm: true,
  decoder: nearestDecoder,
  blocks: 5,
  defaults: {
    batchNorm: true,
    decoderChannels: [256, 128, 64, 32, 16],
    padding: "same",
  },
  worksUnpadded: false,
} as const;

/** The names of all networks. */
export const networkNames = [
  "vgg16_bn",
  "vgg16",
  "resnet34",
  "resnet50",
  "unet",
] as const;

/** The name of a network. */
export type NetworkName = typeof networkNames[number];

/** Every network; a plan chooses one by its name. */
export const networks: Readonly<Record<NetworkName, Network>> = {
  vgg16_bn: {
    ...report,
    help: "the report's network, around VGG-16 with batch norm",
    encoder: vgg16(true),
    encoderNorm: true,
    imagenet: "vgg16_bn-6c64b313.pth",
  },
  vgg16: {
    ...report,
    help: "the same around VGG-16 without batch norm",
    encoder: vgg16(false),
    encoderNorm: false,
    imagenet: "vgg16-397923af.pth",
  },
  resnet34: {
    ...residual,
    help: "segmentation_models.pytorch's U-Net around ResNet-34",
    encoder: resnet34,
    imagenet: "resnet34-b627a593.pth",
  },
  resnet50: {
    ...residual,
    help: "the same around ResNet-50",
    encoder: resnet50,
    imagenet: "resnet50-0676ba61.pth",
  },
  unet: {
    help: "the network of Ronneberger et al.",
    encoder: paperEncoder,
    encoderNorm: false,
    decoder: upConvolutionDecoder(paperBottom, true),
    isPair: true,
    blocks: 4,
    defaults: {
      batchNorm: false,
      decoderChannels: [512, 256, 128, 64],
      padding: "valid",
    },
    worksUnpadded: true,
  },
};

/** The network that a plan has where it names none. */
export const standardNetwork: NetworkName = "vgg16_bn";

/** The same network without batch norm in its encoder. */
export const normlessNetwork: NetworkName = "vgg16";

/** The names of the networks whose encoders torchvision has weights for. */
export const imagenetNames: readonly NetworkName[] = networkNames.filter(
  (name) => networks[name].imagenet !== undefined,
);

/**
 * Describes a network in a few words.
 *
 * @param name The network.
 * @returns As in "the network of Ronneberger et al.".
 *
 * @example
 * ```ts
 * import { describeNetwork } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeNetwork("unet"), "the network of Ronneberger et al.");
 * ```
 */
export function describeNetwork(name: NetworkName): string {
  return networks[name].help;
}
