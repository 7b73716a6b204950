import type { Diameters } from "@unet/data";
import type { DiameterSettings, ImageScale } from "./diameter_settings.ts";
import { largestScale } from "./diameter_settings.ts";
import { measureDiameter, type MeasuredImage } from "./measure_diameter.ts";
import { scaleOf } from "./scale_of.ts";
import type { LookOptions } from "./take_look.ts";
import type { InstanceBand } from "../instances/instance.ts";
import type { Band } from "../windows/band.ts";
import type { Predict } from "../windows/predict.ts";

/** At which size a network is to see an image, and what it has seen already. */
export interface FoundScale {
  /** The size. */
  readonly scaled: ImageScale;
  /**
   * What the network predicts of the image at that size, as `segmentBands()`
   * gives it, where it saw the whole image to measure it.
   */
  readonly bands?: readonly Band[];
  /**
   * The objects that each of these bands completed, if the options for
   * instances are those of the segmentation.
   */
  readonly found?: readonly InstanceBand[];
}

/**
 * At which size a network is to see an image.
 *
 * @param image The image.
 * @param predict The network, which measures where no diameter is given.
 * @param options The diameters, and how the network looks.
 * @param options.diameter How large objects are, and what the network learned.
 * @returns The diameter, given or measured, and the factor; 1 where nothing was
 * found to measure; and what was predicted on the way.
 * @throws {FileError} If the image cannot be read.
 */
export async function imageScaleOf(
  image: MeasuredImage,
  predict: Predict,
  { diameter: settings, ...options }: LookOptions & {
    readonly diameter: DiameterSettings;
  },
): Promise<FoundScale> {
  const { wanted, kept = [] } = settings;
  if (wanted !== "auto") {
    const scale = scaleOf(wanted, settings);
    return { scaled: { diameter: wanted, scale } };
  }
  // What is in pixels of the image says nothing of those of the looks.
  const instances = Object.fromEntries(
    Object.entries(options.instances ?? {})
      .filter(([name]) => !(kept as readonly string[]).includes(name)),
  );
  const look = { ...options, instances, learned: settings };
  const { diameter, bands, found } = await measureDiameter(
    ...[image, predict, look] as const,
  );
  const scale = diameter === null || isKnown(diameter, settings)
    ? 1
    : Math.min(largestScale, scaleOf(diameter, settings));
  return {
    scaled: { diameter, scale },
    ...(bands && scale === 1 && { bands }),
    ...(found && scale === 1 && kept.length === 0 && { found }),
  };
}

/**
 * Whether a network knows a size that was measured. Measured sizes are not
 * exact, and of a training on objects of one size the percentiles are nearly
 * equal, while networks know half to double of what they learned.
 */
function isKnown(measured: number, { low, median, high }: Diameters): boolean {
  return measured >= Math.min(low, median / 2) &&
    measured <= Math.max(high, 2 * median);
}
