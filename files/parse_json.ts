/**
 * JSON of foreign files, bounded. Runs in a browser.
 *
 * @module
 */
/** How much JSON {@linkcode parseJson} takes. */
export interface JsonBounds {
  /** How deep lists and objects may lie in one another; 64 if not given. */
  readonly deepest?: number;
  /** How many values there may be, at any depth; 2²¹ if not given. */
  readonly most?: number;
}

const quote = 0x22, backslash = 0x5c, comma = 0x2c;
const openList = 0x5b, closeList = 0x5d, openObject = 0x7b, closeObject = 0x7d;

/**
 * Reads JSON that somebody else may have written. The built-in parser takes
 * lists of any depth, and whatever walks through them after that runs out of
 * stack; so depth and number of values are bounded before it is called.
 *
 * @param text The text.
 * @param bounds How deep and how much it may be.
 * @returns The value.
 * @throws {SyntaxError} If it is no JSON, or beyond the bounds; the message
 * says in a few words what was found, and holds nothing of the text.
 *
 * @example
 * ```ts
 * import { parseJson } from "@unet/files";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseJson('{"epochs":[1,2]}'), { epochs: [1, 2] });
 * const deep = "[".repeat(1e5) + "]".repeat(1e5);
 * assertThrows(() => parseJson(deep), SyntaxError, "nested more than 64 deep");
 * ```
 */
export function parseJson(text: string, bounds: JsonBounds = {}): unknown {
  checkJson(text, bounds);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError("text that is not JSON", { cause });
  }
}

/**
 * Makes sure that a JSON text stays within bounds, for a parser that comes
 * after; whether it is JSON is that parser's to find.
 *
 * @param text The text.
 * @param bounds How deep and how much it may be.
 * @throws {SyntaxError} If it is beyond the bounds.
 */
export function checkJson(
  text: string,
  { deepest = 64, most = 2 ** 21 }: JsonBounds = {},
): void {
  // Two characters go deeper by one and hold no more than one value.
  if (text.length <= 2 * Math.min(deepest, most)) return;
  let depth = 0, values = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfText(text, at);
        break;
      case comma:
        values++;
        break;
      case openList:
      case openObject:
        values++;
        depth++;
        if (depth > deepest) {
          throw new SyntaxError(`JSON nested more than ${deepest} deep`);
        }
        break;
      case closeList:
      case closeObject:
        depth--;
    }
    if (values > most) {
      throw new SyntaxError(`JSON of more than ${most} values`);
    }
  }
}

/**
 * Whether a JSON text gives a name twice within one object. The built-in parser
 * keeps the last of the two values without a word; others keep the first.
 *
 * @param text The text.
 * @param value What {@linkcode parseJson} read of it.
 * @returns Whether there is such a name, at any depth.
 *
 * @example
 * ```ts
 * import { parseJson, repeatsName } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * const text = '{"train": ["a"], "train": ["b"]}';
 * assert(repeatsName(text, parseJson(text)));
 * ```
 */
export function repeatsName(text: string, value: unknown): boolean {
  return countNames(text) !== countNames(JSON.stringify(value));
}

/** The names of a JSON text, counted: the colons outside its strings. */
function countNames(json: string): number {
  let count = 0, quoted = false;
  for (let i = 0; i < json.length; i++) {
    const sign = json[i];
    if (sign === '"') quoted = !quoted;
    else if (sign === "\\") i++;
    else if (sign === ":" && !quoted) count++;
  }
  return count;
}

/** Where the text that begins with a quote ends with one. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === quote) return at;
    if (sign === backslash) at++;
  }
  return text.length;
}
