/**
 * The largest values of settings that decide what is an object.
 *
 * @module
 */

/** The name of a setting that says how instances are separated. */
export type InstanceSettingName =
  | "minimalArea"
  | "maximalHole"
  | "depth"
  | "smoothing"
  | "borderWeight";

/** The largest areas in pixels, and the largest lengths of a split. */
export const instanceLimits: Readonly<Record<InstanceSettingName, number>> = {
  minimalArea: 1e9,
  maximalHole: 1e9,
  depth: 100,
  smoothing: 100,
  borderWeight: 100,
};

/** The names of all of them. */
export const instanceSettingNames = Object.keys(
  instanceLimits,
) as readonly InstanceSettingName[];
