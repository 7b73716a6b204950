/**
 * The inputs of earlier versions under today's names.
 *
 * @module
 */
import type { Space } from "@unet/tune";

/** Flags of train by the names that studies of earlier versions hold. */
const renamedFlags: Readonly<Record<string, string>> = { model: "network" };

/** Values that a study holds, under the flags' names of this version. */
export function withCurrentNames<Value>(
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).map((
      [name, value],
    ) => [currentName(name), value]),
  );
}

/**
 * A space under the names that a study has for its parameters. One that an
 * earlier version began keeps its own, so that its trials stay comparable, here
 * and in Optuna.
 *
 * @param space The space, in names of this version.
 * @param names The names of the parameters that the study has tried.
 */
export function withNamesOf(
  space: Space,
  names: Iterable<string>,
): Space {
  const stored = new Map(
    Array.from(names, (name) => [currentName(name), name]),
  );
  return Object.fromEntries(
    Object.entries(space).map((
      [name, distribution],
    ) => [stored.get(name) ?? name, distribution]),
  );
}

function currentName(name: string): string {
  return Object.hasOwn(renamedFlags, name) ? renamedFlags[name]! : name;
}
