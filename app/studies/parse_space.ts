import { brief, briefText, cannot, UsageError } from "@unet/errors";
import { parseJson } from "@unet/files";
import type { Choice, Distribution, Space } from "@unet/tune";
import { parse as parseToml } from "smol-toml";
import type { Input } from "../settings/setting.ts";
import { faultOfInput } from "../settings/typed_values.ts";

/** Options for reading a search space. */
export interface SpaceOptions {
  /** The file, for messages. */
  readonly path: string;
  /** The inputs that a trial can have. */
  readonly inputs: ReadonlyMap<string, Input>;
  /** What to do about a name that is no input, where something is known. */
  readonly advise?: (name: string) => string | undefined;
}

/** Keys that say what of a parameter is tried. */
const keys = ["low", "high", "log", "step", "choices"];

/**
 * Reads a space from the text of a file: inputs of a training, each with a list
 * of choices or with bounds. The input decides whether numbers are whole.
 *
 * @param text TOML, or JSON where it begins with a brace.
 * @param options The file, and the inputs that there are.
 * @returns The space; at least one parameter.
 * @throws {UsageError} If the file is neither, or a parameter is none; names
 * file and key.
 */
export function parseSpace(text: string, options: SpaceOptions): Space {
  const { path } = options;
  const entries = Object.entries(parseText(text, path));
  if (entries.length === 0) {
    throw new UsageError(
      cannot("use", "space", path, {
        found: "nothing to try",
        expected: "settings of train, such as batch = [8, 16, 32]",
      }),
    );
  }
  return Object.fromEntries(
    entries.map(([name, value]) => [name, parseEntry(name, value, options)]),
  );
}

function parseText(text: string, path: string): Record<string, unknown> {
  const isJson = text.trimStart().startsWith("{");
  let value: unknown;
  try {
    value = isJson ? parseJson(text) : parseToml(text, { maxDepth: 64 });
  } catch (cause) {
    // The parser's first line says what and where; a drawing of it follows.
    const [what, parser] = isJson
      ? [(cause as Error).message, (cause as Error).cause]
      : ["text that is not TOML", cause];
    const [why = ""] = (parser as Error | undefined)?.message.split("\n") ??
      [];
    throw new UsageError(
      cannot("use", "space", path, {
        found: why === "" ? what : `${what}: ${briefText(why)}`,
      }),
      { cause },
    );
  }
  return value as Record<string, unknown>;
}

/** A parameter while it is read. */
interface Parameter {
  readonly name: string;
  readonly input: Input;
  /** What is wrong at a key of it. */
  bad(key: string, found: string, expected: string): UsageError;
}

function parseEntry(
  name: string,
  value: unknown,
  { path, inputs, advise }: SpaceOptions,
): Distribution {
  const at = (key: string): string => `${path}: ${briefText(key)}`;
  const input = inputs.get(name);
  if (!input) {
    const remedy = advise?.(name);
    throw new UsageError(
      cannot("use", "space", at(name), {
        found: "no such setting",
        expected: `one of ${[...inputs.keys()].join(", ")}`,
        ...(remedy !== undefined && { remedy }),
      }),
    );
  }
  const bad: Parameter["bad"] = (key, found, expected) =>
    new UsageError(cannot("use", "space", at(key), { found, expected }));
  const options = Array.isArray(value) ? { choices: value } : value;
  if (
    typeof options !== "object" || options === null || options instanceof Date
  ) {
    throw bad(name, describe(value), "a list of choices, or low and high");
  }
  const stranger = Object.keys(options).find((key) => !keys.includes(key));
  if (stranger !== undefined) {
    throw bad(`${name}.${stranger}`, "no such key", keys.join(", "));
  }
  const parameter = { name, input, bad };
  return "choices" in options
    ? parseChoices(options, parameter)
    : parseBounds(options as Record<string, unknown>, parameter);
}

function parseChoices(
  options: { readonly choices?: unknown },
  { name, input, bad }: Parameter,
): Distribution {
  const { choices } = options;
  const beside = ["low", "high", "log", "step"]
    .find((key) => Object.hasOwn(options, key));
  if (beside !== undefined) {
    throw bad(`${name}.${beside}`, "it beside choices", "one of both");
  }
  if (!Array.isArray(choices) || choices.length === 0) {
    throw bad(
      `${name}.choices`,
      Array.isArray(choices) ? "an empty list" : describe(choices),
      "a list of values",
    );
  }
  choices.forEach((one: unknown, at) => {
    const key = `${name}.choices[${at}]`;
    if (!isChoice(one) || !isFor(input, one)) {
      throw bad(key, describe(one), expectedOf(input));
    }
    if (choices.indexOf(one) < at) {
      throw bad(key, `${describe(one)} twice`, "each value once");
    }
  });
  return { kind: "categorical", choices: choices as Choice[] };
}

function parseBounds(
  options: Readonly<Record<string, unknown>>,
  { name, input, bad }: Parameter,
): Distribution {
  const { low, high, log = false, step } = options, { kind } = input;
  if (kind !== "number" && kind !== "whole") {
    throw bad(
      name,
      "no choices",
      `a list of choices, for \`${name}\` takes no number`,
    );
  }
  const number = (key: string, value: unknown): number => {
    const place = `${name}.${key}`;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw bad(place, describe(value), "a number");
    }
    if (kind === "whole" && !Number.isSafeInteger(value)) {
      throw bad(place, describe(value), "a whole number");
    }
    return value;
  };
  const bound = (key: "low" | "high"): number => {
    const value = number(key, key === "low" ? low : high);
    if (isFor(input, value)) return value;
    throw bad(`${name}.${key}`, describe(value), expectedOf(input));
  };
  const from = bound("low"), to = bound("high");
  if (from > to) {
    throw bad(`${name}.high`, describe(high), `at least low, ${from}`);
  }
  if (typeof log !== "boolean") {
    throw bad(`${name}.log`, describe(log), "true or false");
  }
  if (log && from <= 0) {
    const expected = "more than 0 on a logarithmic scale";
    throw bad(`${name}.low`, describe(low), expected);
  }
  if (step !== undefined && log) {
    throw bad(`${name}.step`, "it beside log", "one of both");
  }
  const distance = step === undefined ? null : number("step", step);
  if (distance !== null && distance <= 0) {
    throw bad(`${name}.step`, describe(step), "more than 0");
  }
  return kind === "whole"
    ? { kind: "int", low: from, high: to, log, step: distance ?? 1 }
    : { kind: "float", low: from, high: to, log, step: distance };
}

/** Whether an input takes a value; null leaves it out. */
function isFor(input: Input, value: Choice): boolean {
  if (value === null) return true;
  const text = typeof value === "number" ? String(value) : value;
  return faultOfInput(input, text) === undefined;
}

function isChoice(value: unknown): value is Choice {
  return value === null ||
    ["string", "number", "boolean"].includes(typeof value);
}

function describe(value: unknown): string {
  return value === undefined ? "no value" : brief(value);
}

function expectedOf({ kind, choices, minimum, maximum }: Input): string {
  switch (kind) {
    case "switch":
      return "true or false";
    case "choice":
      return choices!.join(", ");
    case "text":
      return "a text";
    default:
      return (kind === "whole" ? "a whole number" : "a number") +
        (minimum === undefined ? "" : ` from ${minimum}`) +
        (maximum === undefined ? "" : ` to ${maximum}`);
  }
}
