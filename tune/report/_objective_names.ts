import type { Study } from "../study.ts";

/**
 * What the values are called: as Optuna's `set_metric_names()` noted it, else
 * "Value", numbered where there are several.
 */
export function objectiveNames(study: Study): string[] {
  const { directions, systemAttributes } = study;
  const noted = systemAttributes["study:metric_names"];
  return directions.map((_, i) => {
    const name: unknown = Array.isArray(noted) ? noted[i] : undefined;
    if (typeof name === "string" && name !== "") return name;
    return directions.length > 1 ? `Value ${i}` : "Value";
  });
}
