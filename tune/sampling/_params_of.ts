import { parseJson } from "@unet/files";
import type { Choice, Distribution } from "../distribution.ts";
import type { Trial } from "../study.ts";

const sharedKey = "tpe:relative_params:";

/**
 * A trial's parameters. Of one that runs under Optuna, also those that it will
 * take next, which Optuna shares as JSON in numbered pieces of 2045 characters.
 */
export function paramsOf(trial: Trial): Readonly<Record<string, Choice>> {
  const { params, state, systemAttributes } = trial;
  if (state !== "running") return params;
  let text = "";
  for (let piece = 0;; piece++) {
    const more = systemAttributes[sharedKey + piece];
    if (typeof more !== "string" || more === "") break;
    text += more;
  }
  if (text === "") return params;
  let shared: unknown;
  try {
    shared = parseJson(text);
  } catch (error) {
    // Pieces of two writers may lie mixed; the trial says the same later.
    if (error instanceof SyntaxError) return params;
    throw error;
  }
  if (typeof shared !== "object" || shared === null) return params;
  return { ...(shared as Record<string, Choice>), ...params };
}

/**
 * A value as estimators take it: of a categorical parameter the choice's place.
 *
 * @returns The number, or null if the distribution could not have given it, as
 * that of a trial from before a change of the space.
 */
export function numberOf(
  value: Choice | undefined,
  distribution: Distribution,
): number | null {
  if (distribution.kind === "categorical") {
    const place = value === undefined
      ? -1
      : distribution.choices.indexOf(value);
    return place < 0 ? null : place;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return distribution.log && value <= 0 ? null : value;
}
