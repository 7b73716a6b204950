import { type Image, intensitiesOf, rescaled } from "@unet/data";
import {
  colorNormalizationOf,
  imageReaderOf,
  type Predict,
  type WindowOptions,
} from "@unet/infer";
import {
  type DiameterSettings,
  type FoundScale,
  type ImageScale,
  imageScaleOf,
  instancesOf,
} from "@unet/infer/diameter";
import type { InstanceOptions } from "@unet/infer/instances";

/** At which size a network saw an image. */
export interface ScaledImage extends ImageScale {
  /** What the dataset calls it. */
  readonly id: string;
}

/** How an image is brought to the size that a network learned. */
export interface ScalingOptions {
  /** The network. */
  readonly predict: Predict;
  /** How large objects are, and what the network learned; not by default. */
  readonly diameter?: DiameterSettings;
  /** How images are cut, where not by the defaults. */
  readonly window?: WindowOptions;
  /** How instances are separated, where not by the defaults. */
  readonly instances?: InstanceOptions;
  /** The probability above which a pixel is object. */
  readonly threshold: number;
  /** Ends the work between two windows. */
  readonly signal?: AbortSignal;
}

/**
 * At which size the network sees an image; undefined for its own.
 *
 * @param image The image.
 * @param options The network, and the diameters.
 */
export async function scaleForImage(
  image: Image,
  { predict, diameter, threshold, ...options }: ScalingOptions,
): Promise<FoundScale | undefined> {
  if (!diameter) return undefined;
  const { width, height } = image, reader = imageReaderOf(image);
  const { window, signal } = options;
  return await imageScaleOf(
    {
      ...{ width, height },
      at: (scale) =>
        Promise.resolve(scale === 1 ? reader : rescaled(reader, scale)),
    },
    predict,
    {
      diameter,
      range: intensitiesOf(image, colorNormalizationOf(predict)),
      instances: { threshold, ...options.instances },
      ...(window && { window }),
      ...(signal && { signal }),
    },
  );
}

/** How instances are separated, in pixels of the image. */
export function instancesAt(
  scaled: ImageScale | undefined,
  { instances, threshold, diameter }: Pick<
    ScalingOptions,
    "instances" | "threshold" | "diameter"
  >,
): InstanceOptions {
  return instancesOf(scaled, { ...instances, threshold }, diameter?.kept);
}
