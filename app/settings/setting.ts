import { cannot, UsageError } from "@unet/errors";

/** An input for a setting, on a command line, in a file or a form. */
export interface Input {
  /** Its name in small letters and dashes, as in "split-seed". */
  readonly name: string;
  /** What kind of value it takes; a switch is on or off. */
  readonly kind: "text" | "number" | "whole" | "switch" | "choice";
  /** The word that stands for its value in the help. */
  readonly value?: string;
  /** The values of a choice. */
  readonly choices?: readonly string[];
  /** The smallest number allowed. */
  readonly minimum?: number;
  /** The largest number allowed. */
  readonly maximum?: number;
  /** Its value where nothing is typed, as it would be typed. */
  readonly default?: string;
  /** Its value where it is named without one, as it would be typed. */
  readonly bare?: string;
  /** Whether it may be given several times, as a text; not by default. */
  readonly isRepeated?: boolean;
  /** What it does; other settings stand in backticks. */
  readonly help: string;
}

/** The inputs of a user, each value checked by its input. */
export interface Typed {
  /** The value of a text or a choice, or its default. */
  text(name: string): string | undefined;
  /** The values of a text that may be given several times; none by default. */
  texts(name: string): readonly string[];
  /** The value of a number, or its default. */
  number(name: string): number | undefined;
  /** Whether a switch is on. */
  on(name: string): boolean;
  /** Whether the person typed it. */
  given(name: string): boolean;
}

/** The subjects under which settings are listed. */
export type SettingGroup =
  | "Data"
  | "Network"
  | "Training"
  | "Prediction"
  | "Run"
  | "Machine";

/** One setting: how it is typed, read, stored and tried. */
export interface Setting<Value> {
  /** The subject under which it is listed. */
  readonly group: SettingGroup;
  /** What a person types for it: mostly one input. */
  readonly inputs: readonly Input[];
  /**
   * The value of what was typed; nothing where that leaves it to a recipe, the
   * data or the device.
   *
   * @throws {UsageError} If a text does not name what the setting takes.
   */
  read(typed: Typed): Value | undefined;
  /**
   * Its value where nobody decides; without one, a recipe, the data or the
   * device does.
   */
  readonly default?: Value;
  /** Whether a value that a file stores can be one. */
  check(value: unknown): boolean;
  /** What it was in runs that were made before it existed. */
  readonly before?: Value;
  /** Whether a study may try values of it. */
  readonly isTried: boolean;
  /** Whether files hold it; a recipe is resolved before. */
  readonly isStored: boolean;
}

/** A table of settings: an entry per setting of a type. */
export type SettingsTable<Settings> = {
  readonly [Name in keyof Settings]-?: Setting<Settings[Name]>;
};

/**
 * The inputs of a table, in its order.
 *
 * @param table The settings.
 * @param group The only subject that is wanted; all where none is named.
 */
export function inputsOf<Settings>(
  table: SettingsTable<Settings>,
  group?: SettingGroup,
): Input[] {
  return entriesOf(table)
    .filter(([, setting]) => group === undefined || setting.group === group)
    .flatMap(([, { inputs }]) => [...inputs]);
}

/**
 * The values that were typed, and no others.
 *
 * @param table The settings.
 * @param typed What was typed.
 * @returns A value per setting that was typed.
 * @throws {UsageError} If a text does not name what its setting takes.
 */
export function readSettings<Settings>(
  table: SettingsTable<Settings>,
  typed: Typed,
): Partial<Settings> {
  const values: Record<string, unknown> = {};
  for (const [name, { inputs, read }] of entriesOf(table)) {
    const given = inputs.filter(({ name }) => typed.given(name));
    if (given.length > 1) throw beside(given);
    if (given.length === 0 && inputs.length > 0) continue;
    const value = read(typed);
    if (value !== undefined) values[name] = value;
  }
  return values as Partial<Settings>;
}

function beside([first, second]: readonly Input[]): UsageError {
  return new UsageError(
    cannot("use", "setting", second!.name, {
      found: `\`${first!.name}\` beside it`,
      expected: "one of the two",
    }),
  );
}

/**
 * The values of settings where nobody decides, as far as the table has them.
 *
 * @param table The settings.
 */
export function defaultsOf<Settings>(
  table: SettingsTable<Settings>,
): Partial<Settings> {
  return Object.fromEntries(
    entriesOf(table).filter(([, setting]) => setting.default !== undefined)
      .map(([name, setting]) => [name, setting.default]),
  ) as Partial<Settings>;
}

/** The settings of a table with their names, in its order. */
export function entriesOf<Settings>(
  table: SettingsTable<Settings>,
): [name: keyof Settings & string, setting: Setting<unknown>][] {
  return Object.entries(table) as [
    keyof Settings & string,
    Setting<unknown>,
  ][];
}
