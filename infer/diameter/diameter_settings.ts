/**
 * How large the objects of images are, and how large a network knows them. Loads
 * nothing that computes or reads images.
 *
 * @module
 */
import type { Diameters } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { scaleOf } from "./scale_of.ts";
import type { InstanceOptions } from "../instances/instance_options.ts";

/**
 * How images are brought to the size of objects that a network learned: how
 * large these were in training, and how large those of the images are.
 */
export interface DiameterSettings extends Diameters {
  /**
   * The median diameter of the images' objects in pixels, that of a circle of
   * an object's area; `"auto"` measures each image.
   */
  readonly wanted: number | "auto";
  /**
   * Options of instances that are in pixels of the images; the others hold for
   * objects of the size that the network learned, and are scaled with them.
   */
  readonly kept?: readonly (keyof InstanceOptions)[];
}

/** At which size a network saw an image. */
export interface ImageScale {
  /**
   * The median diameter of the image's objects in pixels; null where nothing
   * was found to measure.
   */
  readonly diameter: number | null;
  /** By how much the image was enlarged for the network; below 1 it shrank. */
  readonly scale: number;
}

/** The diameters that there may be, in pixels. */
export const diameterLimits = { minimum: 1, maximum: 10000 } as const;

/** Whether a value, as from a file, is a diameter that there may be. */
export function isDiameter(value: unknown): value is number {
  return typeof value === "number" && value >= diameterLimits.minimum &&
    value <= diameterLimits.maximum;
}

/**
 * Whether a value, as from a file, has the diameters that a network learned, in
 * order.
 *
 * @example
 * ```ts
 * import { isDiameters } from "@unet/infer/diameter-settings";
 * import { assert } from "@std/assert";
 *
 * assert(isDiameters({ low: 8, median: 20, high: 40 }));
 * assert(!isDiameters({ low: 8, median: 20, high: 4 }));
 * assert(!isDiameters("8,20,40"));
 * ```
 */
export function isDiameters(value: unknown): value is Diameters {
  if (typeof value !== "object" || value === null) return false;
  const { low, median, high } = value as Partial<Diameters>;
  return isDiameter(low) && isDiameter(median) && isDiameter(high) &&
    low <= median && median <= high;
}

/** Images are enlarged at most so much: smaller objects have no shape. */
export const largestScale = 8;

/**
 * Refuses what cannot be: a diameter beside a pixel size, both of which decide
 * how large an image is shown, one for a network of classes, and numbers out of
 * their range.
 *
 * @param settings What is asked for.
 * @param settings.diameter The diameter.
 * @param settings.pixelSize The pixel size.
 * @param finding What is found with the network.
 * @throws {UsageError} If that is asked for.
 */
export function checkDiameter(
  { diameter, pixelSize }: {
    readonly diameter?: DiameterSettings;
    readonly pixelSize?: number;
  },
  finding: "objects" | "classes",
): void {
  if (!diameter) return;
  const refuse = (found: string, expected: string): never => {
    throw new UsageError(
      cannot("use", "setting", "diameter", { found, expected }),
    );
  };
  if (pixelSize !== undefined) {
    refuse("`pixelSize` beside it", "one of the two");
  }
  if (finding === "classes") {
    refuse(
      "a network that predicts a class per pixel",
      "one that finds objects",
    );
  }
  const { wanted, low, median, high } = diameter;
  const { minimum, maximum } = diameterLimits;
  if (!isDiameters(diameter)) {
    refuse(
      `a network that learned diameters of ${low}, ${median} and ${high}`,
      `${minimum} to ${maximum} pixels, the smallest first`,
    );
  }
  if (wanted === "auto") return;
  if (!isDiameter(wanted)) {
    refuse(`${wanted}`, `${minimum} to ${maximum} pixels`);
  }
  if (scaleOf(wanted, diameter) > largestScale) {
    refuse(
      `${wanted} pixels, for a network that learned ${low} to ${high}`,
      `at least ${(Math.sqrt(low * median) / largestScale).toPrecision(2)}`,
    );
  }
}
