import { brief, cannot, ModelError } from "@unet/errors";
import type { InstanceOptions } from "@unet/infer/instances";
import type { SavedModel } from "@unet/model";

/** What a model's card says of how it is to be used. */
export interface CardSettings {
  /** The pixel size in µm that it was trained for, where the card tells. */
  readonly pixelSize?: number;
  /** The probability above which a pixel is object, where it tells. */
  readonly threshold?: number;
  /** How instances are told apart, where it tells. */
  readonly instances: InstanceOptions;
}

/** The names that `instances` may hold, and the largest value of each. */
const instanceLimits = {
  minimalArea: 1e9,
  maximalHole: 1e9,
  depth: 1e6,
} as const;

/**
 * Reads what a model's card says of how it is to be used. A card is read from
 * a file, so nothing in it is expected to be there; but what would be used is
 * checked.
 *
 * @param saved The model.
 * @throws {ModelError} If a setting in it cannot be.
 */
export function cardSettings({ path, card }: SavedModel): CardSettings {
  const bad = (name: string, found: unknown, expected: string): ModelError =>
    new ModelError(
      cannot("use", "card of model", path, {
        found: `${name} ${brief(found)}`,
        expected,
      }),
    );
  const { pixelScale, threshold, instances = {} } = card;
  if (threshold !== undefined && !isWithin(threshold, 1)) {
    throw bad("threshold", threshold, "0 to 1");
  }
  if (
    typeof instances !== "object" || instances === null ||
    Array.isArray(instances)
  ) throw bad("instances", instances, "settings by name");
  for (const [name, value] of Object.entries(instances)) {
    const largest = Object.hasOwn(instanceLimits, name)
      ? instanceLimits[name as keyof typeof instanceLimits]
      : undefined;
    if (largest === undefined) {
      const known = Object.keys(instanceLimits).join(", ");
      throw bad("instances with", name, known);
    }
    if (!isWithin(value, largest)) throw bad(name, value, `0 to ${largest}`);
  }
  return {
    instances,
    ...(threshold !== undefined && { threshold }),
    ...(typeof pixelScale === "number" && { pixelSize: pixelScale }),
  };
}

function isWithin(value: unknown, largest: number): value is number {
  return typeof value === "number" && value >= 0 && value <= largest;
}
