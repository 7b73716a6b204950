import type { InstanceOptions, InstanceSettings } from "./instance_options.ts";

/**
 * Fills the defaults in, and checks every option.
 *
 * @param options The options that were named.
 * @returns All of them.
 * @throws {RangeError} If one is out of its range.
 *
 * @example
 * ```ts
 * import { settle } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const { minimalArea, depth } = settle({ minimalArea: 50 });
 * assertEquals([minimalArea, depth], [50, 0.75]);
 * ```
 */
export function settle(options: InstanceOptions): InstanceSettings {
  const settings: InstanceSettings = {
    threshold: 0.5,
    smoothing: 1,
    depth: 0.75,
    borderWeight: 5,
    minimalArea: 20,
    maximalHole: 20,
    maximalBox: 2 ** 22,
    maximalRows: 1024,
    ...options,
  };
  const isShare = (value: number) => value >= 0 && value <= 1;
  const isLength = (value: number) => value >= 0 && value <= 100;
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
  check(settings, "threshold", isShare, "a number in 0…1");
  check(settings, "smoothing", isLength, "a number in 0…100");
  check(settings, "depth", isLength, "a number in 0…100");
  check(settings, "borderWeight", isLength, "a number in 0…100");
  check(settings, "minimalArea", isCount, "an integer of at least 0");
  check(settings, "maximalHole", isCount, "an integer of at least 0");
  check(settings, "maximalBox", isCount, "an integer of at least 0");
  check(settings, "maximalRows", isCount, "an integer of at least 0");
  return settings;
}

function check(
  settings: InstanceSettings,
  name: keyof InstanceSettings,
  isRight: (value: number) => boolean,
  expected: string,
): void {
  const value = settings[name];
  if (isRight(value)) return;
  throw new RangeError(
    `Cannot find instances: found ${name} ${value}, expected ${expected}`,
  );
}
