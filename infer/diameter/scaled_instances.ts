/**
 * Settings of instances at the size that a network saw. Runs in a browser.
 *
 * @module
 */
import type {
  InstanceOptions,
  InstanceSettings,
} from "../instances/instance_options.ts";
import { settle } from "../instances/settle.ts";
import type { ImageScale } from "./diameter_settings.ts";

const areas = ["minimalArea", "maximalHole"] as const;
const lengths = ["smoothing", "depth", "borderWeight"] as const;

/** The largest length that there may be, in pixels. */
const longest = 100;

/**
 * How instances are separated in an image that a network saw in another size:
 * settings in pixels of the network become such of the image. Areas change with
 * the square of the size, and lengths with the size.
 *
 * Where the image was enlarged for the network, lengths stay as they are: the
 * distance to the background is in whole pixels of the image, and with less
 * smoothing its steps would be peaks.
 *
 * @param settings Every setting.
 * @param scale By how much the image was enlarged for the network.
 * @param kept Those that are in pixels of the image already.
 *
 * @example
 * ```ts
 * import { scaledInstances } from "@unet/infer/diameter";
 * import { settle } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const { minimalArea, depth } = scaledInstances(settle({}), 0.5);
 * assertEquals([minimalArea, depth], [80, 1.5]);
 * ```
 */
export function scaledInstances(
  settings: InstanceSettings,
  scale: number,
  kept: readonly (keyof InstanceOptions)[] = [],
): InstanceSettings {
  const scaled = new Map<keyof InstanceOptions, number>();
  for (const name of areas) {
    scaled.set(name, Math.round(settings[name] / scale ** 2));
  }
  for (const name of lengths) {
    const length = settings[name] / Math.min(1, scale);
    scaled.set(name, Math.max(settings[name], Math.min(longest, length)));
  }
  for (const name of kept) scaled.delete(name);
  return { ...settings, ...Object.fromEntries(scaled) };
}

/**
 * How instances are separated in an image, in its own pixels, at whatever size
 * a network saw it.
 *
 * @param scaled At which size the network saw it; its own if not given.
 * @param options How instances are separated at the size that the network saw.
 * @param kept Those that are in pixels of the image already.
 * @returns The options of {@linkcode scaledInstances}, or as they are.
 *
 * @example
 * ```ts
 * import { instancesOf } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { minimalArea: 30 };
 * assertEquals(instancesOf(undefined, options), options);
 * const half = { diameter: 60, scale: 0.5 };
 * assertEquals(instancesOf(half, options).minimalArea, 120);
 * ```
 */
export function instancesOf(
  scaled: ImageScale | undefined,
  options: InstanceOptions,
  kept?: readonly (keyof InstanceOptions)[],
): InstanceOptions {
  return scaled
    ? scaledInstances(settle(options), scaled.scale, kept)
    : options;
}
