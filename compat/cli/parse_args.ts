/**
 * Command line parsing with the signature of `@std/cli/parse-args`, on
 * `node:util`.
 *
 * @module
 */
import { parseArgs as parse } from "node:util";

/** The options of `@std/cli/parse-args` that this workspace uses. */
export interface ParseOptions {
  /** Flags that take no value. */
  boolean?: readonly string[];
  /** Flags that take a value. */
  string?: readonly string[];
  /** Flags that gather every value given. */
  collect?: readonly string[];
  /** Boolean flags that `--no-NAME` switches off. */
  negatable?: readonly string[];
  /** Called for each argument no other option names; `false` drops it. */
  unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}

/** Flags by name, and the arguments that are none under `_`. */
export type Args = Record<string, unknown> & { _: string[] };

/**
 * Splits a command line into flags and the rest.
 *
 * @param args The arguments, as in `Deno.args`.
 * @param options Which flags there are.
 * @returns The flags given, and the other arguments under `_`.
 */
export function parseArgs(
  args: string[],
  options: ParseOptions = {},
): Args {
  const booleans = new Set(options.boolean ?? []);
  const strings = new Set(options.string ?? []);
  const collect = new Set(options.collect ?? []);
  const negatable = new Set(options.negatable ?? []);
  const config: Record<string, { type: "boolean" | "string" }> = {};
  for (const name of booleans) config[name] = { type: "boolean" };
  for (const name of strings) config[name] = { type: "string" };
  const { tokens } = parse({
    args,
    options: config,
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  });
  const result: Args = { _: [] };
  for (const name of booleans) result[name] = false;
  for (const name of collect) result[name] = [];
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (options.unknown?.(token.value) !== false) result._.push(token.value);
      continue;
    }
    const negated = token.rawName.startsWith("--no-") &&
      negatable.has(token.rawName.slice(5));
    const name = negated ? token.rawName.slice(5) : token.name;
    if (!booleans.has(name) && !strings.has(name)) {
      if (options.unknown?.(token.rawName, name, token.value) !== false) {
        result[name] = token.value ?? true;
      }
      continue;
    }
    const value = booleans.has(name)
      ? !negated && token.value !== "false"
      : token.value ?? "";
    if (collect.has(name)) (result[name] as unknown[]).push(value);
    else result[name] = value;
  }
  return result;
}
