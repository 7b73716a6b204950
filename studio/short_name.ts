/**
 * What a person calls a model: the last part of its path, whichever system's,
 * or its published name.
 */
export function shortName(model: string): string {
  return model.split(/[/\\]/).filter((part) => part !== "").at(-1)!;
}
