import type { InputValue, InputValues } from "@unet/app";
import { withCurrentNames } from "@unet/app/renamed-inputs";
import { type Flag, type Flags, readFlags } from "./flags.ts";

/**
 * The flags of a command line that the person gave, as a file would hold them.
 *
 * @param flags The command line.
 * @param table Those that are looked at.
 */
export function givenValues(
  flags: Flags,
  table: Iterable<Flag>,
): Record<string, InputValue> {
  const valueOf = ({ name, kind, isRepeated }: Flag): InputValue => {
    if (isRepeated) {
      const [first, ...others] = flags.texts(name);
      return others.length === 0 ? first! : [first!, ...others];
    }
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

/** A command line of train with such flags, checked. */
export function flagsOfValues(
  values: InputValues,
  table: Iterable<Flag>,
  source: string,
): Flags {
  const settings = Object.fromEntries(
    Object.entries(withCurrentNames(values))
      .filter(([, value]) => value !== null),
  );
  return readFlags("train", [...table], [], { path: source, settings });
}
