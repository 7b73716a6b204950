import ids from "spdx-license-ids/index.json" with { type: "json" };

/**
 * The license of a text that begins with its SPDX identifier, as a model's card
 * has it: `MIT; trained on …`.
 *
 * @param text The text.
 * @returns The identifier; undefined where the text begins with none.
 *
 * @example
 * ```ts
 * import { licenseId } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(licenseId("MIT; trained on BBBC038v1 (CC0)"), "MIT");
 * assertEquals(licenseId("free for all"), undefined);
 * ```
 */
export function licenseId(text: string): string | undefined {
  const first = text.split(";")[0]!.trim();
  return (ids as readonly string[]).includes(first) ? first : undefined;
}
