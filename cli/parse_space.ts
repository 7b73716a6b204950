import { brief, briefText, cannot, UsageError } from "@unet/errors";
import type { Choice, Distribution, Space } from "@unet/tune";
import { parseJson } from "@unet/files";
import { parse as parseToml } from "smol-toml";
import { adviceOn, type Flag, readFlags } from "./flags.ts";

/** Keys that say what of a parameter is tried. */
const keys = ["low", "high", "log", "step", "choices"];

/**
 * Reads a space from the text of a file: flags of train, each with a list of
 * choices or with bounds. Whole numbers are told from others by the flag.
 *
 * @param text TOML, or JSON where it begins with a brace.
 * @param path The file, for messages.
 * @param table The flags that a trial can have.
 * @returns The space; at least one parameter.
 * @throws {UsageError} If the file is neither, or a parameter is none; names
 * file and key.
 */
export function parseSpace(
  text: string,
  path: string,
  table: ReadonlyMap<string, Flag>,
): Space {
  const entries = Object.entries(parseText(text, path));
  if (entries.length === 0) {
    throw new UsageError(
      cannot("use", "space", path, {
        found: "nothing to try",
        expected: "flags of train, as in batch = [8, 16, 32]",
      }),
    );
  }
  return Object.fromEntries(
    entries.map((
      [name, value],
    ) => [name, parseEntry(name, value, path, table)]),
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

function parseEntry(
  name: string,
  value: unknown,
  path: string,
  table: ReadonlyMap<string, Flag>,
): Distribution {
  const bad = (
    key: string,
    found: string,
    expected: string,
    remedy?: string,
  ): UsageError =>
    new UsageError(
      cannot("use", "space", `${path}: ${briefText(key)}`, {
        found,
        expected,
        ...(remedy !== undefined && { remedy }),
      }),
    );
  const flag = table.get(name);
  if (!flag) {
    throw bad(
      name,
      "no such flag",
      `one of ${[...table.keys()].join(", ")}`,
      adviceOn(name, [...table.values()], { dashes: "" }),
    );
  }
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
  const { low, high, log = false, step, choices } = options as Record<
    string,
    unknown
  >;
  const check = (key: string, one: Choice): void => {
    if (one === null) return;
    try {
      readFlags("train", [flag], [], { path, settings: { [name]: one } });
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      throw bad(key, describe(one), expectedOf(flag));
    }
  };
  if (choices !== undefined) {
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
    choices.forEach((one, at) => {
      const key = `${name}.choices[${at}]`;
      if (!isChoice(one)) throw bad(key, describe(one), expectedOf(flag));
      if (choices.indexOf(one) < at) {
        throw bad(key, `${describe(one)} twice`, "each value once");
      }
      check(key, one);
    });
    return { kind: "categorical", choices };
  }
  const { kind } = flag;
  if (kind !== "number" && kind !== "whole") {
    throw bad(
      name,
      "no choices",
      `a list of choices, for --${name} takes no number`,
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
  const from = number("low", low), to = number("high", high);
  check(`${name}.low`, from);
  check(`${name}.high`, to);
  if (from > to) {
    throw bad(`${name}.high`, describe(high), `at least low, ${from}`);
  }
  if (typeof log !== "boolean") {
    throw bad(`${name}.log`, describe(log), "true or false");
  }
  if (log && from <= 0) {
    throw bad(
      `${name}.low`,
      describe(low),
      "more than 0 on a logarithmic scale",
    );
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

function isChoice(value: unknown): value is Choice {
  return value === null ||
    ["string", "number", "boolean"].includes(typeof value);
}

function describe(value: unknown): string {
  return value === undefined ? "no value" : brief(value);
}

function expectedOf({ kind, choices, minimum, maximum }: Flag): string {
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
