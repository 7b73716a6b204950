import type { Choice } from "../distribution.ts";
import type { NamedDistribution } from "./_distribution_json.ts";

/**
 * Whether two trials of a study may have a parameter from these: bounds and
 * steps may differ, the kind, the scale and the choices may not.
 */
export function isCompatible(
  first: NamedDistribution,
  second: NamedDistribution,
): boolean {
  if (first.name !== second.name) return false;
  const a = first.distribution, b = second.distribution;
  if (a.kind === "categorical") {
    return b.kind === "categorical" &&
      a.choices.length === b.choices.length &&
      a.choices.every((choice, index) => isSame(choice, b.choices[index]!));
  }
  return b.kind !== "categorical" && a.log === b.log;
}

/** As Python compares: true is 1, and here NaN is NaN. */
function isSame(first: Choice, second: Choice): boolean {
  const [a, b] = [first, second].map((choice) =>
    typeof choice === "boolean" ? Number(choice) : choice
  );
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
