import {
  type DiameterSettings,
  type ImageScale,
  scaledInstances,
  scaleOf,
} from "@unet/infer/diameter";
import { type InstanceOptions, settle } from "@unet/infer/instances";

/** At which size a network saw an image. */
export interface ScaledImage extends ImageScale {
  /** What the dataset calls it. */
  readonly id: string;
}

/** At which size the network sees an image; undefined for its own. */
export function scaleForImage(
  diameter: DiameterSettings | undefined,
): ImageScale | undefined {
  if (!diameter) return undefined;
  const { wanted } = diameter;
  return { diameter: wanted, scale: scaleOf(wanted, diameter) };
}

/** How instances are separated, in pixels of the image. */
export function instancesAt(
  scaled: ImageScale | undefined,
  { instances, threshold, diameter }: {
    readonly instances?: InstanceOptions;
    readonly threshold: number;
    readonly diameter?: DiameterSettings;
  },
): InstanceOptions {
  const own = { ...instances, threshold };
  if (!scaled) return own;
  return scaledInstances(settle(own), scaled.scale, diameter?.kept);
}
