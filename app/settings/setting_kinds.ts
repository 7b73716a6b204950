import { briefText, cannot, UsageError } from "@unet/errors";
import type { Input, Setting, SettingGroup, Typed } from "./setting.ts";

/** What {@linkcode Setting} and {@linkcode Input} say of a plain setting. */
export interface Entry<Value> extends Omit<Input, "name" | "kind" | "default"> {
  /** What a person types; the default where nothing is. */
  readonly name: string;
  /** The subject under which it is listed. */
  readonly group: SettingGroup;
  /**
   * Its value where nobody decides. Without one, `null` stands for "not
   * decided" in files, unless `isResolved` says that something decides before.
   */
  readonly default?: Value;
  /** Whether a recipe, the data or the device decides before it is stored. */
  readonly isResolved?: boolean;
  /** What it was in runs that were made before it existed. */
  readonly before?: Value;
  /** Whether a study may try it; where not said, it may. */
  readonly isTried?: boolean;
}

type Check = (value: unknown) => boolean;

/** A number. */
export function numberSetting<Value extends number | null>(
  entry: Entry<Value>,
): Setting<Value> {
  return plain<Value>(entry, "number", isNumberIn(entry), byNumber);
}

/** A whole number. */
export function wholeSetting<Value extends number | null>(
  entry: Entry<Value>,
): Setting<Value> {
  const isIn = isNumberIn(entry);
  return plain<Value>(
    entry,
    "whole",
    (value) => Number.isSafeInteger(value) && isIn(value),
    byNumber,
  );
}

/** A switch, off where nobody turns it on. */
export function switchSetting(
  entry: Omit<Entry<boolean>, "default" | "isResolved">,
): Setting<boolean> {
  return plain<boolean>(
    { ...entry, isResolved: true, default: false },
    "switch",
    (value) => typeof value === "boolean",
    ({ name }, typed) => typed.on(name),
  );
}

/** One of some names. */
export function choiceSetting<Value extends string>(
  entry: Entry<Value> & { readonly choices: readonly Value[] },
): Setting<Value> {
  return plain(
    { isResolved: true, ...entry },
    "choice",
    (value) => entry.choices.includes(value as Value),
    ({ name }, typed) => typed.text(name) as Value | undefined,
  );
}

/** A text. */
export function textSetting<Value extends string | null>(
  entry: Entry<Value>,
): Setting<Value> {
  return plain(
    entry,
    "text",
    (value) => typeof value === "string",
    ({ name }, typed) => typed.text(name) as Value | undefined,
  );
}

/** What a setting has that is more than one plain value. */
export function ownSetting<Value>(
  setting:
    & Omit<Setting<Value>, "isTried" | "isStored">
    & Partial<Pick<Setting<Value>, "isTried" | "isStored">>,
): Setting<Value> {
  return { isTried: true, isStored: true, ...setting };
}

/** Whether a check holds, or nothing is decided. */
export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/**
 * The names that a text lists, in the order in which they are known.
 *
 * @param text The text.
 * @param known The names that there are.
 * @param setting The setting, for the message, and words that it takes besides.
 * @throws {UsageError} If a name is not known.
 */
export function namesIn<Name extends string>(
  text: string,
  known: readonly Name[],
  setting: { readonly name: string; readonly others?: string },
): Name[] {
  const names = text.split(",").map((name) => name.trim());
  const stranger = names.find((name) =>
    !(known as readonly string[]).includes(name)
  );
  if (stranger === undefined) {
    return known.filter((name) => names.includes(name));
  }
  throw new UsageError(
    cannot("use", "setting", setting.name, {
      found: `"${briefText(stranger)}"`,
      expected: `${setting.others ?? ""}some of ${known.join(",")}`,
    }),
  );
}

function plain<Value>(
  { group, before, isTried = true, isResolved = false, ...rest }: Entry<Value>,
  kind: Input["kind"],
  check: Check,
  read: (input: Input, typed: Typed) => Value | undefined,
): Setting<Value> {
  const { default: standard, ...words } = rest;
  const input: Input = {
    ...words,
    kind,
    ...(typeof standard === "number" || typeof standard === "string"
      ? { default: String(standard) }
      : {}),
  };
  const isOpen = standard === undefined && !isResolved;
  return {
    group,
    isTried,
    isStored: true,
    inputs: [input],
    read: (typed) => read(input, typed),
    check: isOpen ? orNull(check) : check,
    ...(isOpen
      ? { default: null as Value }
      : standard !== undefined && { default: standard }),
    ...(before !== undefined && { before }),
  };
}

function byNumber<Value>({ name }: Input, typed: Typed): Value | undefined {
  return typed.number(name) as Value | undefined;
}

function isNumberIn({ minimum = 0, maximum = Infinity }: {
  readonly minimum?: number;
  readonly maximum?: number;
}): Check {
  return (value) =>
    Number.isFinite(value) && Number(value) >= minimum &&
    Number(value) <= maximum;
}
