import { parseArgs } from "@std/cli/parse-args";
import { cannot, UsageError } from "@unet/errors";

/** The flags that a benchmark takes. */
export interface FlagTable {
  /** Flags that are on or off. */
  readonly switches: readonly string[];
  /** Flags with a value. */
  readonly values: readonly string[];
  /** Flags with a value that may be repeated. */
  readonly lists?: readonly string[];
}

/** A benchmark's command line. */
export interface BenchFlags {
  /** Whether a switch is on. */
  on(name: string): boolean;
  /** The value of a flag, if it is given. */
  text(name: string): string | undefined;
  /** All values of a flag that may be repeated. */
  texts(name: string): readonly string[];
  /**
   * The value of a flag that is a whole number from 1, or the default.
   *
   * @throws {UsageError} If it is another value.
   */
  count(name: string, otherwise: number): number;
  /**
   * The value of a flag that is one of a few words, if it is given.
   *
   * @throws {UsageError} If it is another word.
   */
  choice<const T extends string>(
    name: string,
    choices: readonly T[],
  ): T | undefined;
}

/**
 * Reads a benchmark's command line.
 *
 * @throws {UsageError} If an argument is none of its flags, or lacks its value.
 */
export function readFlags(
  args: readonly string[],
  { switches, values, lists = [] }: FlagTable,
): BenchFlags {
  const parsed: Record<string, unknown> = parseArgs([...args], {
    boolean: [...switches],
    string: [...values, ...lists],
    collect: [...lists],
    unknown: (argument) => {
      throw new UsageError(cannot("use", "argument", argument, {
        found: "no such argument",
        expected: [
          ...[...lists, ...values].map((name) => `--${name} …`),
          ...switches.map((name) => `--${name}`),
        ].join(", "),
      }));
    },
  });
  const text = (name: string): string | undefined => {
    const value = parsed[name];
    if (value === undefined || typeof value === "string" && value !== "") {
      return value;
    }
    throw wrong(name, "", "a value");
  };
  return {
    on: (name) => parsed[name] === true,
    text,
    texts(name) {
      const all = parsed[name] as readonly string[];
      if (!all.includes("")) return all;
      throw wrong(name, "", "a value");
    },
    count(name, otherwise) {
      const value = text(name);
      const number = Number(value ?? otherwise);
      if (Number.isSafeInteger(number) && number >= 1) return number;
      throw wrong(name, value, "a whole number from 1");
    },
    choice<const T extends string>(name: string, choices: readonly T[]) {
      const value = text(name);
      const found = choices.find((choice) => choice === value);
      if (value === undefined || found !== undefined) return found;
      throw wrong(name, value, choices.join(" or "));
    },
  };
}

/** The error of a flag whose value is not allowed. */
export function wrong(
  name: string,
  value: string | undefined,
  expected: string,
): UsageError {
  const found = value === "" || value === undefined ? "no value" : `"${value}"`;
  return new UsageError(
    cannot("use", "flag", `--${name}`, { found, expected }),
  );
}
