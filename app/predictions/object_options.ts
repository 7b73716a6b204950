/**
 * Settings for objects, as options of instances. Runs in a browser.
 *
 * @module
 */
import type { ImageScale } from "@unet/infer/diameter-settings";
import type { InstanceOptions } from "@unet/infer/instances";
import { instancesOf } from "@unet/infer/scaled-instances";
import {
  instanceLimits,
  type InstanceSettingName,
  instanceSettingNames,
} from "../settings/instance_limits.ts";

export type { InstanceSettingName };

/** Settings for finding objects, in pixels of the image. */
export type ObjectSettings = Required<
  Pick<InstanceOptions, "threshold" | InstanceSettingName>
>;

/** The largest value of each; the least is 0. */
export const objectLimits: Readonly<Record<keyof ObjectSettings, number>> = {
  threshold: 1,
  ...instanceLimits,
};

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
 * const settings = {
 *   ...{ threshold: 0.5, minimalArea: 9, maximalHole: 9 },
 *   ...{ depth: 1, smoothing: 1, borderWeight: 5 },
 * };
 * const half = objectOptions(settings, { diameter: 40, scale: 0.5 });
 * assertEquals([half.minimalArea, half.smoothing], [9, 1]);
 * ```
 */
export function objectOptions(
  settings: ObjectSettings,
  scaled: ImageScale | undefined,
): InstanceOptions {
  return instancesOf(scaled, settings, instanceSettingNames);
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
 * const settings = {
 *   ...{ threshold: 0.5, minimalArea: 9, maximalHole: 9 },
 *   ...{ depth: 1, smoothing: 1, borderWeight: 5 },
 * };
 * const half = settingsOfImage(settings, { diameter: 40, scale: 0.5 });
 * assertEquals(half, {
 *   ...{ threshold: 0.5, minimalArea: 36, maximalHole: 36 },
 *   ...{ depth: 2, smoothing: 2, borderWeight: 10 },
 * });
 * ```
 */
export function settingsOfImage(
  settings: ObjectSettings,
  scaled: ImageScale | undefined,
): ObjectSettings {
  const { minimalArea, maximalHole, depth, smoothing, borderWeight } = {
    ...settings,
    ...instancesOf(scaled, settings),
  };
  return {
    threshold: settings.threshold,
    ...{ minimalArea, maximalHole, depth, smoothing, borderWeight },
  };
}
