import { createHash } from "node:crypto";
import { brief, briefText } from "@unet/errors";

/** Everything except the input that decides the outputs. */
export interface Setup {
  /** Every such setting. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The model's hash. */
  readonly model: string;
}

/**
 * Names a setup by its content, whatever the order of its settings: the first
 * 16 digits of a SHA-256.
 *
 * @param setup Settings that JSON can hold, and the model's hash.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { idOfSetup } from "@unet/infer/batch";
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const id = idOfSetup({ settings: { overlap: 32, tta: "flips" }, model: "a" });
 * assertEquals(
 *   idOfSetup({ settings: { tta: "flips", overlap: 32 }, model: "a" }),
 *   id,
 * );
 * assertNotEquals(idOfSetup({ settings: { overlap: 32 }, model: "a" }), id);
 * ```
 */
export function idOfSetup({ settings, model }: Setup): string {
  return createHash("sha256").update(JSON.stringify(sorted([settings, model])))
    .digest("hex").slice(0, 16);
}

/** Differences that are listed at most. */
const mostListed = 3;

/** The difference between two setups, in words. */
export interface SetupDifference {
  /** How the one is, as in "threshold 0.5". */
  readonly one: string;
  /** How the other is. */
  readonly other: string;
}

/**
 * Says what is different about two setups.
 *
 * @param one A setup.
 * @param other Another one.
 * @returns The settings that differ, or the model; undefined where nothing
 * does.
 *
 * @example
 * ```ts
 * import { differenceOf } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const one = { settings: { threshold: 0.5, views: 1 }, model: "0123" };
 * const other = { settings: { threshold: 0.7, views: 1 }, model: "0123" };
 * assertEquals(differenceOf(one, other), {
 *   one: "threshold 0.5",
 *   other: "threshold 0.7",
 * });
 * assertEquals(differenceOf(one, one), undefined);
 * ```
 */
export function differenceOf(
  one: Setup,
  other: Setup,
): SetupDifference | undefined {
  const [a, b] = [one, other].map(flatten) as [Flat, Flat];
  const names = [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => textOf(a.get(name)) !== textOf(b.get(name)))
    .slice(0, mostListed);
  if (names.length === 0) return undefined;
  const word = (flat: Flat): string =>
    names.map((name) => `${name} ${shown(name, flat.get(name))}`).join(", ");
  return { one: word(a), other: word(b) };
}

/** The model and every setting, those of a group by names with a dot. */
type Flat = ReadonlyMap<string, unknown>;

function flatten({ settings, model }: Setup): Flat {
  const flat = new Map<string, unknown>([["model", model]]);
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      flat.set(name, value);
      continue;
    }
    for (const [key, each] of Object.entries(value)) {
      flat.set(`${name}.${key}`, each);
    }
  }
  return flat;
}

function textOf(value: unknown): string | undefined {
  return JSON.stringify(sorted(value));
}

function shown(name: string, value: unknown): string {
  if (value === undefined) return "not set";
  // Twelve digits of a hash name it well enough.
  return name === "model" && typeof value === "string"
    ? briefText(value.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1"), { most: 24 })
    : brief(value, { most: 24 });
}

/** A value with the keys of its objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, each]) => [key, sorted(each)]),
  );
}
