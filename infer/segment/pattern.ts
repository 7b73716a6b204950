import { SEPARATOR } from "@std/path";
import { infoOf } from "@unet/files";
// @ts-types="@types/picomatch"
import picomatch from "picomatch";
import { endingOf } from "./image_endings.ts";

/** A pattern of paths, as a shell would expand it. */
export interface Pattern {
  /** The folder that it looks in. */
  readonly folder: string;
  /** How deep below that folder it may match. */
  readonly depth: number;
  /** Whether its ending is written out, so that any ending is meant. */
  readonly hasEnding: boolean;
  /** Whether a path below that folder matches. */
  matches(path: string): boolean;
}

/** Whether a text may stand for several paths: `*`, `?`, `[…]`, `{…,…}`. */
export function isPattern(text: string): boolean {
  return /[*?[{]/.test(text);
}

/**
 * Splits a pattern into the folder before its first sign and what is below. A
 * folder that is really named with such signs is taken by its name.
 */
export async function parsePattern(text: string): Promise<Pattern> {
  const isWindows = SEPARATOR === "\\";
  const parts = text.split(isWindows ? /[/\\]/ : "/")
    .filter((part, at) => part !== "" || at === 0);
  let count = 0;
  while (
    count < parts.length - 1 &&
    (!isPattern(parts[count]!) || await isThere(parts.slice(0, count + 1)))
  ) count++;
  const rest = parts.slice(count).join("/");
  const ending = endingOf(rest);
  return {
    folder: pathOf(parts.slice(0, count)),
    depth: rest.includes("**") ? Infinity : parts.length - count,
    hasEnding: ending.length > 1 && !isPattern(ending) && !/[\]}]/.test(ending),
    matches: picomatch(rest),
  };
}

function pathOf(parts: readonly string[]): string {
  const path = parts.join(SEPARATOR);
  // "" and "C:" are roots only with a separator.
  return parts.length === 1 && /^([A-Za-z]:)?$/.test(path)
    ? path + SEPARATOR
    : path || ".";
}

async function isThere(parts: readonly string[]): Promise<boolean> {
  return await infoOf(pathOf(parts), { ofLink: true }) !== null;
}
