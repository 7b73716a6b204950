import { onOneLine } from "./cannot.ts";

/** Characters of a value that a message shows, unless it asks for others. */
const usual = 80;

/** Lists within lists that a message shows. */
const deepest = 3;

/** How long {@linkcode brief} is. */
export interface BriefOptions {
  /** About how many characters are shown; 80 if not given. */
  readonly most?: number;
}

/**
 * Shows a value that somebody else's file gave: on one line, in at most some
 * eighty characters, whatever it is. Lists and objects show as in JSON up to there,
 * text in quotes, a missing value as "nothing". What is not shown is not
 * looked at, so that the time does not depend on the value's size or depth.
 *
 * @param value The value; nothing in it is called.
 * @param options How long the text may be.
 * @returns The text, which ends in "…" where something was left out.
 *
 * @example
 * ```ts
 * import { brief } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(brief([1, { name: "a\nb" }]), '[1,{"name":"a\\nb"}]');
 * assertEquals(brief("x".repeat(1e6)), `"${"x".repeat(80)}…"`);
 * assertEquals(brief(undefined), "nothing");
 * ```
 */
export function brief(
  value: unknown,
  { most = usual }: BriefOptions = {},
): string {
  if (typeof value === "string") return quoted(value, most);
  let text = "";
  for (const part of partsOf(value, { most, depth: 0 })) {
    text += part;
    if (text.length > most) return onOneLine(`${cut(text, most)}…`);
  }
  return onOneLine(text);
}

/**
 * Shortens a text of somebody else's file for a message, as {@linkcode brief}
 * does, without quotes.
 *
 * @param text The text.
 * @param options How long it may be.
 * @returns The text on one line, which ends in "…" where it was longer.
 *
 * @example
 * ```ts
 * import { briefText } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(briefText("a\x1b[2Jb"), "a\\u001b[2Jb");
 * assertEquals(briefText("head.weight", { most: 4 }), "head…");
 * ```
 */
export function briefText(
  text: string,
  { most = usual }: BriefOptions = {},
): string {
  return onOneLine(text.length > most ? `${cut(text, most)}…` : text);
}

/** How {@linkcode briefList} lists. */
export interface BriefListOptions {
  /** How many things are shown; 8 if not given. */
  readonly most?: number;
  /** What stands between two of them; a comma if not given. */
  readonly between?: string;
}

/**
 * Lists things for a message: the first of them, and how many more there are.
 *
 * @param items The things, already in words.
 * @param options How many are shown, and what stands between them.
 * @returns The list.
 *
 * @example
 * ```ts
 * import { briefList } from "@unet/errors";
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["a", "b", "c", "d"];
 * assertEquals(briefList(names, { most: 2 }), "a, b and 2 more");
 * ```
 */
export function briefList(
  items: readonly string[],
  { most = 8, between = ", " }: BriefListOptions = {},
): string {
  if (items.length <= most) return items.join(between);
  const shown = items.slice(0, most).join(between);
  return `${shown} and ${items.length - most} more`;
}

function quoted(text: string, most: number): string {
  return text.length > most
    ? onOneLine(`${JSON.stringify(cut(text, most)).slice(0, -1)}…"`)
    : onOneLine(JSON.stringify(text));
}

/** The start of a text, which ends between two characters. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** How much of a value is shown, and how deep it lies in others. */
interface Place {
  readonly most: number;
  readonly depth: number;
}

/** The parts of a value's text, made as they are asked for. */
function* partsOf(value: unknown, place: Place): Generator<string> {
  if (typeof value === "string") yield quoted(value, place.most);
  else if (value === undefined) yield "nothing";
  else if (typeof value === "symbol" || typeof value === "function") {
    yield `a ${typeof value}`;
  } else if (typeof value !== "object" || value === null) yield String(value);
  else if (value instanceof Date) yield JSON.stringify(value);
  else if (Array.isArray(value)) yield* listParts(value, place);
  else if (value instanceof Map) yield* namedParts(value, place);
  else if (isPlain(value)) yield* namedParts(entriesOf(value), place);
  else yield `a ${value.constructor?.name ?? "value"}`;
}

function* listParts(
  list: readonly unknown[],
  { most, depth }: Place,
): Generator<string> {
  if (depth === deepest && list.length > 0) return yield "[…]";
  const inside = { most, depth: depth + 1 };
  for (let at = 0; at < list.length; at++) {
    yield at === 0 ? "[" : ",";
    yield* partsOf(list[at], inside);
  }
  yield list.length === 0 ? "[]" : "]";
}

function* namedParts(
  entries: Iterable<readonly [unknown, unknown]>,
  { most, depth }: Place,
): Generator<string> {
  const inside = { most, depth: depth + 1 };
  let isFirst = true;
  for (const [name, value] of entries) {
    if (depth === deepest) return yield "{…}";
    yield isFirst ? "{" : ",";
    isFirst = false;
    yield* partsOf(name, inside);
    yield ":";
    yield* partsOf(value, inside);
  }
  yield isFirst ? "{}" : "}";
}

function* entriesOf(value: object): Generator<[string, unknown]> {
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    yield [name, (value as Record<string, unknown>)[name]];
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
