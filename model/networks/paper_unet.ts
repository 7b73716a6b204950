import type { Encoder } from "./network.ts";
import { plainEncoder } from "./vgg16.ts";

/** Channels of the contracting path of Ronneberger et al. (2015). */
const channels = [[64, 64], [128, 128], [256, 256], [512, 512]] as const;

/** Channels of their two convolutions at the bottom. */
export const paperBottom = [1024, 1024] as const;

/** Their contracting path: four blocks of two convolutions. */
export const paperEncoder: Encoder = (
  graph,
  image,
  { width, batchNorm, padding },
) =>
  plainEncoder(graph, image, {
    channels,
    batchNorm,
    width,
    isPadded: padding === "same",
  });
