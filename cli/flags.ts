import { parseArgs } from "@std/cli/parse-args";
import { brief, briefText, cannot, UsageError } from "@unet/errors";
import { faultOfInput, type Input, type Typed } from "@unet/app/settings";
import { nearestName } from "./nearest_name.ts";
import { flagMeanings, inputNames } from "./other_names.ts";

/** A flag of a command: an input, typed behind two dashes. */
export type Flag = Input;

/** The flags of a command line, checked. */
export interface Flags extends Typed {
  /** The arguments that are no flags. */
  readonly positional: readonly string[];
  /** The value of a text flag that must be given. */
  required(name: string): string;
  /**
   * The flags that the person gave, here or in a configuration file, but for
   * those that every command has.
   */
  readonly names: readonly string[];
}

/** Values of flags that a file gives. */
export interface Configuration {
  /** The file, for messages. */
  readonly path: string;
  /** The values by flag name. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What was given for a flag: a list where it may be repeated. */
type FlagValue = string | boolean | readonly string[];

/** The flags that every command has. */
export const commonFlags: readonly Flag[] = [
  {
    name: "verbose",
    kind: "switch",
    help: "prints more, such as why other devices were not used",
  },
  { name: "help", kind: "switch", help: "prints this help; also -h" },
];

/** Names of flags that decide nothing of a command's result. */
const commonNames = commonFlags.map(({ name }) => name);

/**
 * Reads a command line by a table of flags.
 *
 * @param command The command's name, for messages.
 * @param table The command's flags.
 * @param args The arguments after the command's name.
 * @param configuration Values from a file; flags on the command line come
 * before them.
 * @returns The flags, checked.
 * @throws {UsageError} If a flag is unknown, given twice, or its value is not
 * allowed.
 */
export function readFlags(
  command: string,
  table: readonly Flag[],
  args: readonly string[],
  configuration?: Configuration,
): Flags {
  const all = [...table, ...commonFlags];
  const byName = new Map(all.map((flag) => [flag.name, flag]));
  const names = (switches: boolean): string[] =>
    all.filter(({ kind }) => (kind === "switch") === switches)
      .map(({ name }) => name);
  const parsed = parseArgs(withBareValues(byName, args), {
    boolean: names(true),
    string: [...names(false), "_"],
    collect: all.map(({ name }) => name),
    unknown(argument) {
      if (!argument.startsWith("-") || argument === "-") return true;
      throw unknownFlag(command, argument, args, all);
    },
  });
  const values = configuration
    ? configuredValues(command, byName, configuration)
    : new Map<string, FlagValue>();
  for (const flag of all) {
    const given = parsed[flag.name] as (string | boolean)[];
    if (flag.isRepeated) {
      if (given.length > 0) values.set(flag.name, given.map(String));
      continue;
    }
    if (given.length > 1) throw repeated(flag, given.length);
    if (given.length === 1) values.set(flag.name, given[0]!);
  }
  checkSwitches(byName, args);
  for (const [name, value] of values) {
    for (const one of typeof value === "object" ? value : [value]) {
      checkValue(byName.get(name)!, one);
    }
  }
  const find = (name: string): string | undefined => {
    const value = values.get(name) ?? byName.get(name)?.default;
    const only = typeof value === "object" ? value[0] : value;
    return typeof only === "string" ? only : undefined;
  };
  return {
    positional: parsed._.map(String),
    text: find,
    texts(name) {
      const value = values.get(name);
      return typeof value === "object" ? value : [];
    },
    required(name) {
      const value = find(name);
      if (value !== undefined) return value;
      throw new UsageError(
        cannot("run", "command", command, {
          expected: describeUse(byName.get(name)!),
          remedy: `see unet ${command} --help`,
        }),
      );
    },
    number(name) {
      const value = find(name);
      return value === undefined ? undefined : Number(value);
    },
    on: (name) => values.get(name) === true,
    names: [...values.keys()].filter((name) => !commonNames.includes(name)),
    given: (name) => values.has(name),
  };
}

/** The values of a file, which must be of the kind that the flag takes. */
function configuredValues(
  command: string,
  byName: ReadonlyMap<string, Flag>,
  { path, settings }: Configuration,
): Map<string, FlagValue> {
  const values = new Map<string, FlagValue>();
  for (const [name, value] of Object.entries(settings)) {
    const flag = byName.get(name);
    const bad = (
      found: string,
      expected: string,
      remedy?: string,
    ): UsageError =>
      new UsageError(
        cannot("use", "configuration", path, {
          found,
          expected,
          ...(remedy !== undefined && { remedy }),
        }),
      );
    if (flag === undefined || !isForFiles(flag)) {
      throw bad(
        brief(name),
        `flags that ${command} takes from a file`,
        adviceOn(name, [...byName.values()].filter(isForFiles), { dashes: "" }),
      );
    }
    const isSwitch = flag.kind === "switch";
    const list = flag.isRepeated && Array.isArray(value) ? value : [value];
    const isText = list.length > 0 &&
      list.every((one) => typeof one === "string" || typeof one === "number");
    if (isSwitch ? typeof value !== "boolean" : !isText) {
      throw bad(
        `${brief(name)} with ${brief(value)}`,
        isSwitch ? "true or false" : "a number or a text",
      );
    }
    values.set(
      name,
      isSwitch
        ? value === true
        : flag.isRepeated
        ? list.map(String)
        : String(value),
    );
  }
  return values;
}

/** A flag with what it takes, as in `--out DIR`. */
export function describeUse(
  { name, kind, value, choices, bare }: Flag,
): string {
  if (kind === "switch") return `--${name}`;
  const taken = value ?? (kind === "choice" ? choices!.join("|") : "N");
  return `--${name} ${bare === undefined ? taken : `[${taken}]`}`;
}

/**
 * The arguments with the values of flags that may do without one: what follows
 * such a flag is its value where the flag takes it.
 */
function withBareValues(
  byName: ReadonlyMap<string, Flag>,
  args: readonly string[],
): string[] {
  const end = args.indexOf("--");
  return args.map((argument, at) => {
    if (end >= 0 && at > end || !argument.startsWith("--")) return argument;
    const flag = byName.get(argument.slice(2)), next = args[at + 1];
    if (flag?.bare === undefined) return argument;
    const isValue = next !== undefined &&
      (Number.isFinite(Number(next)) || faultOfInput(flag, next) === undefined);
    return isValue ? argument : `${argument}=${flag.bare}`;
  });
}

/** Whether a file may have a flag. */
function isForFiles({ name }: Flag): boolean {
  return name !== "config" && !commonNames.includes(name);
}

/** The parser takes any text after a switch's equals sign for "on". */
function checkSwitches(
  byName: ReadonlyMap<string, Flag>,
  args: readonly string[],
): void {
  for (const argument of args) {
    if (argument === "--") return;
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
    if (name === undefined || byName.get(name)?.kind !== "switch") continue;
    if (value === "true" || value === "false") continue;
    throw new UsageError(
      cannot("use", "flag", `--${name}`, {
        found: `"${briefText(value ?? "")}"`,
        expected: "no value",
      }),
    );
  }
}

function repeated({ name }: Flag, times: number): UsageError {
  return new UsageError(
    cannot("use", "flag", `--${name}`, {
      found: `it ${times} times`,
      expected: "once",
    }),
  );
}

function checkValue(flag: Flag, value: string | boolean): void {
  const expected = faultOfInput(flag, value);
  if (expected === undefined) return;
  throw new UsageError(
    cannot("use", "flag", `--${flag.name}`, {
      found: value === "" ? "no value" : `"${briefText(String(value))}"`,
      expected,
    }),
  );
}

function unknownFlag(
  command: string,
  argument: string,
  args: readonly string[],
  table: readonly Flag[],
): UsageError {
  const [flag, equals] = argument.split(/=(.*)/s) as [string, string?];
  const next = args[args.indexOf(argument) + 1];
  const value = equals ?? (next?.startsWith("-") ? undefined : next);
  return new UsageError(
    cannot("use", "flag", flag, {
      found: `no such flag of ${command}`,
      remedy: /^-[\d.]/.test(argument)
        ? "a value that starts with - is written --FLAG=VALUE"
        : adviceOn(flag.replace(/^-+/, ""), table, { value }) ??
          `see unet ${command} --help`,
    }),
  );
}

/**
 * What to write for a flag that a command does not have.
 *
 * @param name The flag, without dashes.
 * @param table The flags that the command has.
 * @param options What was given with it, where that is known, and what is
 * written before a flag; files of flags have nothing there.
 * @returns The advice, or nothing where no flag comes near.
 */
export function adviceOn(
  name: string,
  table: readonly Flag[],
  { value, dashes = "--" }: {
    readonly value?: string | undefined;
    readonly dashes?: string;
  },
): string | undefined {
  const names = table.map((flag) => flag.name);
  // Earlier, --model named an architecture in training.
  if (name === "model" && names.includes("network")) {
    const given = value === undefined ? "" : ` ${value}`;
    return `an architecture is ${dashes}network${given}` +
      (names.includes("weights")
        ? `, a trained model to start from is ${dashes}weights${given}`
        : "");
  }
  const off = table.find((flag) => name === `no-${flag.name}`);
  if (off?.choices?.includes("off") || off?.value?.includes("off")) {
    return `did you mean ${dashes}${off.name} off?`;
  }
  const nearest = nearestName(name, names, flagMeanings);
  if (nearest !== undefined) return `did you mean ${dashes}${nearest}?`;
  return inputNames.includes(name) && !names.includes("data")
    ? "files are named without a flag"
    : undefined;
}
