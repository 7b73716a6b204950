/**
 * What a person decides of objects, as options of instances. Runs in a browser.
 *
 * @module
 */
import type { ImageScale } from "@unet/infer/diameter-settings";
import type { InstanceOptions } from "@unet/infer/instances";
import { instancesOf } from "@unet/infer/scaled-instances";
import { instanceLimits } from "../settings/instance_limits.ts";

/** What is an object, in pixels of the image. */
export type ObjectSettings = Required<
  Pick<InstanceOptions, "threshold" | "minimalArea" | "maximalHole" | "depth">
>;

/** The largest value of each; the least is 0. */
export const objectLimits: Readonly<Record<keyof ObjectSettings, number>> = {
  threshold: 1,
  ...instanceLimits,
};

/** What is in pixels of the image at whatever size the network saw it. */
const ofImage = ["minimalArea", "maximalHole", "depth"] as const;

/**
 * How objects are found in an image, whatever size the network saw it in.
 *
 * @param settings What is an object, in pixels of the image.
 * @param scaled At which size the network saw it; its own if not given.
 *
 * @example
 * ```ts
 * import { objectOptions } from "@unet/app/object-options";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { threshold: 0.5, minimalArea: 9, maximalHole: 9, depth: 1 };
 * const half = objectOptions(settings, { diameter: 40, scale: 0.5 });
 * assertEquals([half.minimalArea, half.smoothing], [9, 2]);
 * ```
 */
export function objectOptions(
  settings: ObjectSettings,
  scaled: ImageScale | undefined,
): InstanceOptions {
  return instancesOf(scaled, settings, ofImage);
}

/**
 * What is an object in an image, by settings for the size that the network saw.
 *
 * @param settings Areas and lengths in pixels that the network saw.
 * @param scaled At which size it saw the image; its own if not given.
 * @returns The settings in pixels of the image.
 *
 * @example
 * ```ts
 * import { settingsOfImage } from "@unet/app/object-options";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { threshold: 0.5, minimalArea: 9, maximalHole: 9, depth: 1 };
 * const half = settingsOfImage(settings, { diameter: 40, scale: 0.5 });
 * assertEquals(half, {
 *   ...{ threshold: 0.5, minimalArea: 36, maximalHole: 36, depth: 2 },
 * });
 * ```
 */
export function settingsOfImage(
  settings: ObjectSettings,
  scaled: ImageScale | undefined,
): ObjectSettings {
  const { minimalArea, maximalHole, depth } = {
    ...settings,
    ...instancesOf(scaled, settings),
  };
  return { threshold: settings.threshold, minimalArea, maximalHole, depth };
}
