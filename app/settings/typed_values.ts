import { briefText, cannot, UsageError } from "@unet/errors";
import type { Input, Typed } from "./setting.ts";

/**
 * The value of an input as a file or a study holds it; null stands for one that
 * is not given, a list for one that is given several times.
 */
export type InputValue = string | number | boolean | null | readonly string[];

/** Values of inputs by their names. */
export type InputValues = Readonly<Record<string, InputValue>>;

/**
 * What an input takes, where a value is not that.
 *
 * @param input The input.
 * @param value The value: a text as it would be typed, or a switch's.
 * @returns The words, or nothing where the value is fine.
 */
export function faultOfInput(
  { kind, value: word, choices, minimum, maximum }: Input,
  value: string | boolean,
): string | undefined {
  if (typeof value === "boolean" || kind === "switch") {
    const isRight = typeof value === "boolean" && kind === "switch";
    return isRight
      ? undefined
      : kind === "switch"
      ? "true or false"
      : "a value";
  }
  if (kind === "choice") {
    return choices!.includes(value) ? undefined : choices!.join(", ");
  }
  if (kind === "text") return value === "" ? word ?? "a value" : undefined;
  const number = Number(value);
  const isIn = value.trim() !== "" && Number.isFinite(number) &&
    (kind === "number" || Number.isSafeInteger(number)) &&
    number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity);
  return isIn ? undefined : rangeOf({ kind, minimum, maximum });
}

/**
 * Reads values of inputs as if they had been typed.
 *
 * @param inputs The inputs that there are.
 * @param values The values.
 * @param source Where they come from, for messages.
 * @throws {UsageError} If there is no such input, or it takes no such value.
 */
export function typedOf(
  inputs: Iterable<Input>,
  values: InputValues,
  source: string,
): Typed {
  const byName = new Map(Array.from(inputs, (input) => [input.name, input]));
  const texts = new Map<string, string | boolean | readonly string[]>();
  const bad = (name: string, found: string, expected: string): UsageError =>
    new UsageError(
      cannot("use", "setting", name, {
        found: `${found} in ${source}`,
        expected,
      }),
    );
  for (const [name, value] of Object.entries(values)) {
    if (value === null) continue;
    const input = byName.get(name);
    if (!input) {
      const known = [...byName.keys()].join(", ");
      throw bad(briefText(name), "no such setting", `one of ${known}`);
    }
    const text = typeof value === "number" ? String(value) : value;
    const list = typeof text === "object" && input.isRepeated ? text : [text];
    for (const one of list) {
      const expected = typeof one === "object"
        ? "one value"
        : faultOfInput(input, one);
      if (expected === undefined) continue;
      throw bad(name, briefText(String(one)), expected);
    }
    texts.set(name, text);
  }
  const text = (name: string): string | undefined => {
    const value = texts.get(name) ?? byName.get(name)?.default;
    return typeof value === "string" ? value : undefined;
  };
  return {
    text,
    texts(name) {
      const value = texts.get(name) ?? text(name);
      return typeof value === "object"
        ? value
        : typeof value === "string"
        ? [value]
        : [];
    },
    number(name) {
      const value = text(name);
      return value === undefined ? undefined : Number(value);
    },
    on: (name) => texts.get(name) === true,
    given: (name) => texts.has(name),
  };
}

function rangeOf({ kind, minimum, maximum }: {
  readonly kind: string;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}): string {
  const what = kind === "whole" ? "a whole number" : "a number";
  const from = minimum === undefined ? "" : ` from ${minimum}`;
  // A bound that only keeps a number within reason says nothing.
  const isBound = maximum !== undefined && maximum < 1e9;
  return what + from + (isBound ? ` to ${maximum}` : "");
}
