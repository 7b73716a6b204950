import type { InstanceStep } from "./package_facts.ts";

/**
 * Says in words how objects are found, for programs without this step.
 *
 * @param step The settings.
 * @param hasBorder Whether the model predicts borders.
 * @returns Sentences, one per step.
 */
export function describeInstances(
  step: InstanceStep,
  hasBorder: boolean,
): string[] {
  const { threshold, smoothing, depth, borderWeight } = step;
  return [
    `Foreground is where the probability of object is above ${threshold}.`,
    `Holes of at most ${step.maximalHole} pixels are filled.`,
    "Each connected part of the foreground is looked at by itself: the " +
    "distance of each pixel to the background in pixels" +
    (smoothing > 0
      ? `, smoothed by a Gaussian with a standard deviation of ${smoothing}`
      : "") +
    (hasBorder
      ? `, less ${borderWeight} times the probability of border`
      : "") +
    ".",
    `Two peaks of it belong to two objects where the dip between them is ` +
    `deeper than ${depth}, measured from the lower peak.`,
    "A watershed from the peaks that are left divides the part among them.",
    `Objects of fewer than ${step.minimalArea} pixels are left out.`,
  ];
}
