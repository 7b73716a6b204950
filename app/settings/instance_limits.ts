/**
 * The largest values of settings that decide what is an object.
 *
 * @module
 */

/** The largest areas in pixels, and the largest depth of a split. */
export const instanceLimits = {
  minimalArea: 1e9,
  maximalHole: 1e9,
  depth: 100,
} as const;
