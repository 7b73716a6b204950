import type { Choice } from "@unet/tune";
import { type Flag, type Flags, readFlags } from "./flags.ts";
import { withCurrentNames } from "./renamed_flags.ts";
import type { TrainSettings } from "@unet/app";
import { settingsOf } from "./train_settings.ts";

/** Values of flags of train by name, as a file of flags holds them. */
export type FlagValues = Readonly<Record<string, Choice>>;

/**
 * The flags of a command line that the person gave, as a file would hold them.
 *
 * @param flags The command line.
 * @param table Those that are looked at.
 */
export function givenValues(
  flags: Flags,
  table: Iterable<Flag>,
): Record<string, Choice> {
  const valueOf = ({ name, kind }: Flag): Choice => {
    if (kind === "switch") return flags.on(name);
    // As a number, so that 0.5 and .5 are the same.
    const isNumber = kind === "number" || kind === "whole";
    return isNumber ? flags.number(name)! : flags.text(name)!;
  };
  return Object.fromEntries(
    Array.from(table).filter(({ name }) => flags.given(name))
      .map((flag) => [flag.name, valueOf(flag)]),
  );
}

/**
 * The settings that train has with such flags.
 *
 * @param values The flags; null stands for one that is not given.
 * @param table The flags of train.
 * @param source Where they come from, for messages.
 * @throws {UsageError} If train takes no such flag, or no such value.
 */
export async function settingsOfValues(
  values: FlagValues,
  table: Iterable<Flag>,
  source: string,
): Promise<TrainSettings> {
  return await settingsOf(flagsOfValues(values, table, source));
}

/** A command line of train with such flags, checked. */
export function flagsOfValues(
  values: FlagValues,
  table: Iterable<Flag>,
  source: string,
): Flags {
  const settings = Object.fromEntries(
    Object.entries(withCurrentNames(values))
      .filter(([, value]) => value !== null),
  );
  return readFlags("train", [...table], [], { path: source, settings });
}
