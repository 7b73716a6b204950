/**
 * Command line parsing as `@std/cli/parse-args` does it, for the options that
 * this workspace uses. Left out: `alias`, `default`, `stopEarly`, `--` as an
 * option, `boolean: true`, and dots in names.
 *
 * @module
 */

/** The options of `@std/cli/parse-args` that this workspace uses. */
export interface ParseOptions {
  /** Flags that take no value. They are false where they are not given. */
  boolean?: readonly string[];
  /** Flags whose value stays text; `_` stands for the arguments without flag. */
  string?: readonly string[];
  /** Flags that gather every value given. */
  collect?: readonly string[];
  /** Flags that `--no-NAME` sets to false. */
  negatable?: readonly string[];
  /**
   * Called for each argument that no other option names; `false` drops it.
   * A flag comes with its name and value.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/**
 * Flags by name, and all other arguments under `_`. Text that reads as
 * a number is one, unless the flag (or `_`) is among `string`.
 */
export type Args = Record<string, unknown> & { _: Array<string | number> };

/**
 * Splits a command line into flags and the rest.
 *
 * `--name=value` and `--name value` set a value; a value that starts with `-`
 * needs the form with `=`. What follows `--` is never a flag.
 *
 * @param args The arguments, as in `Deno.args`.
 * @param options Which flags there are.
 * @returns The flags given, and the other arguments under `_`.
 */
export function parseArgs(
  args: readonly string[],
  options: ParseOptions = {},
): Args {
  const { boolean = [], string = [], collect = [], negatable = [] } = options;
  const result: Args = { _: [] };
  const known = new Set([...boolean, ...string, ...collect]);

  function set(key: string, given: unknown, arg: string, gather = true): void {
    if (!known.has(key) && options.unknown?.(arg, key, given) === false) return;
    const value = string.includes(key) ? given : withNumber(given);
    if (gather && collect.includes(key)) {
      const before = Object.hasOwn(result, key) ? result[key] : undefined;
      if (Array.isArray(before)) before.push(value);
      else result[key] = before ? [before, value] : [value];
    } else result[key] = value;
  }

  /** Sets a flag that came without `=`; returns whether it took the next one. */
  function setWithNext(
    key: string,
    arg: string,
    next: string | undefined,
    isFlag: (text: string) => boolean,
  ): boolean {
    if (next && !boolean.includes(key) && !isFlag(next)) {
      set(key, next, arg);
      return true;
    }
    if (next === "true" || next === "false") {
      set(key, next === "true", arg);
      return true;
    }
    set(key, string.includes(key) ? "" : true, arg);
    return false;
  }

  const end = args.includes("--") ? args.indexOf("--") : args.length;
  for (let i = 0; i < end; i++) {
    const arg = args[i]!;
    const next = i + 1 < end ? args[i + 1] : undefined;
    if (/^--./s.test(arg)) {
      const equals = arg.indexOf("=", 3);
      if (equals > 0) {
        const key = arg.slice(2, equals), value = arg.slice(equals + 1);
        set(key, boolean.includes(key) ? value !== "false" : value, arg);
      } else if (/^--no-./s.test(arg) && negatable.includes(arg.slice(5))) {
        set(arg.slice(5), false, arg, false);
      } else if (
        setWithNext(arg.slice(2), arg, next, (text) => text.startsWith("-"))
      ) i++;
    } else if (/^-[^-]/s.test(arg)) {
      const last = setLetters(arg);
      if (
        last !== undefined &&
        setWithNext(last, arg, next, (text) => /^--?[^-]/s.test(text))
      ) i++;
    } else if (options.unknown?.(arg) !== false) {
      result._.push(string.includes("_") ? arg : withNumber(arg) as string);
    }
  }

  /** Sets the letters of `-abc` but the last, unless a value ends them. */
  function setLetters(arg: string): string | undefined {
    for (let at = 1; at < arg.length - 1; at++) {
      const letter = arg[at]!, rest = arg.slice(at + 1);
      const ending = /[A-Za-z]/.test(letter) &&
        (/^=(.+)$/s.exec(rest)?.[1] ?? /^-?\d+(\.\d*)?$/.exec(rest)?.[0]);
      if (ending || /^\W/.test(rest)) {
        set(letter, ending || rest.replace(/^=$/, ""), arg);
        return undefined;
      }
      set(letter, string.includes(letter) ? "" : true, arg);
    }
    return arg.at(-1);
  }

  for (const key of boolean) {
    if (!Object.hasOwn(result, key)) {
      result[key] = collect.includes(key) ? [] : false;
    }
  }
  for (const key of string) {
    if (!Object.hasOwn(result, key) && collect.includes(key)) result[key] = [];
  }
  result._.push(...args.slice(end + 1));
  return result;
}

function withNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return /\S/.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}
