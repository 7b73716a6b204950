import type { Distribution } from "../distribution.ts";

/** Whether two trials drew a parameter from the same values. */
export function isSameDistribution(a: Distribution, b: Distribution): boolean {
  if (a.kind === "categorical" || b.kind === "categorical") {
    return a.kind === "categorical" && b.kind === "categorical" &&
      a.choices.length === b.choices.length &&
      a.choices.every((choice, i) => Object.is(choice, b.choices[i]));
  }
  return a.kind === b.kind && a.low === b.low && a.high === b.high &&
    a.log === b.log && a.step === b.step;
}
