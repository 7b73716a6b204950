/** What {@linkcode cannot} tells besides the failed action. */
export interface Reason {
  /** What is there, without the word "found"; left out where nothing is. */
  found?: string;
  /** What would have been right. */
  expected?: string;
  /** What the person can do about it; comes last. */
  remedy?: string;
}

/**
 * Words a fault in the one grammar that all messages share:
 * `Cannot <verb> <thing> "<name>": found <found>, expected <expected>; <remedy>`,
 * of which what is not known is left out.
 *
 * @param verb The failed action, as in "read".
 * @param thing What kind of thing it failed on, as in "image".
 * @param name Which one: a path, an id, a flag.
 * @param reason What was found, what was expected, what to do.
 * @returns The message on one line, without a final period; control characters
 * show as `\\u000a`.
 *
 * @example
 * ```ts
 * import { cannot } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   cannot("open", "device", "webgpu", {
 *     found: "no adapter",
 *     remedy: "use --device wasm",
 *   }),
 *   'Cannot open device "webgpu": found no adapter; use --device wasm',
 * );
 * ```
 */
export function cannot(
  verb: string,
  thing: string,
  name: string,
  reason: Reason,
): string {
  const { found, expected, remedy } = reason;
  const facts = [
    ...found ? [`found ${found}`] : [],
    ...expected ? [`expected ${expected}`] : [],
  ].join(", ");
  return onOneLine(
    `Cannot ${verb} ${thing} "${name}": ${facts}${remedy ? `; ${remedy}` : ""}`,
  );
}

/**
 * Spells out the control characters of a text: a file's name may hold line
 * breaks and a terminal's escape sequences.
 *
 * @param text The text.
 * @returns The text on one line, with `\\u000a` for a line break.
 *
 * @example
 * ```ts
 * import { onOneLine } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(onOneLine("a\nb.png"), "a\\u000ab.png");
 * ```
 */
export function onOneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
