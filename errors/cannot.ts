/** The parts of a message of {@linkcode cannot} besides the failed action. */
export interface Reason {
  /** What is there, without the word "found"; left out where nothing is. */
  found?: string;
  /** What would have been right. */
  expected?: string;
  /** What the person can do about it; comes last. */
  remedy?: string;
}

/** Characters of a part of a message; what is longer was not meant to be read. */
const longestPart = 8192;

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
 * show as `\\u000a`. Of a part of more than 8192 characters the rest is left out:
 * values of a file are shortened by `brief()` before they come here.
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
    ...found ? [`found ${bounded(found)}`] : [],
    ...expected ? [`expected ${bounded(expected)}`] : [],
  ].join(", ");
  const advice = remedy ? `; ${bounded(remedy)}` : "";
  return onOneLine(
    `Cannot ${verb} ${thing} "${bounded(name)}": ${facts}${advice}`,
  );
}

function bounded(part: string): string {
  return part.length > longestPart ? `${part.slice(0, longestPart)}…` : part;
}

/**
 * Spells out the control characters of a text: a file's name may hold line
 * breaks, a terminal's escape sequences, and marks that reverse the order in
 * which a line is shown.
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
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
