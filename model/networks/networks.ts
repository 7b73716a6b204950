import type { Network } from "./network.ts";
import { paperBottom, paperEncoder } from "./paper_unet.ts";
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

/** Every network; a plan chooses one by its name. */
export const networks = {
  vgg16_bn: {
    ...report,
    encoder: vgg16(true),
    withoutNorm: "vgg16",
    imagenet: "vgg16_bn-6c64b313.pth",
  },
  vgg16: {
    ...report,
    encoder: vgg16(false),
    imagenet: "vgg16-397923af.pth",
  },
  unet: {
    encoder: paperEncoder,
    decoder: upConvolutionDecoder(paperBottom, true),
    blocks: 4,
    defaults: {
      batchNorm: false,
      decoderChannels: [512, 256, 128, 64],
      padding: "valid",
    },
    worksUnpadded: true,
  },
} as const satisfies Readonly<Record<string, Network>>;

/** The name of a network. */
export type NetworkName = keyof typeof networks;

/** The names of all networks. */
export const networkNames = Object.keys(networks) as readonly NetworkName[];
