import { createHash } from "node:crypto";

/** What decides, besides the input, what the outputs are. */
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

/** A value with the keys of its objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, each]) => [key, sorted(each)]),
  );
}
