/**
 * The largest values of settings that decide what is an object.
 *
 * @module
 */

/** The largest areas in pixels, and the largest lengths of a split. */
export const instanceLimits = {
  minimalArea: 1e9,
  maximalHole: 1e9,
  depth: 100,
  smoothing: 100,
  borderWeight: 100,
} as const;

/** The name of a setting that says how instances are separated. */
export type InstanceSettingName = keyof typeof instanceLimits;

/** The names of all of them. */
export const instanceSettingNames = Object.keys(
  instanceLimits,
) as readonly InstanceSettingName[];
