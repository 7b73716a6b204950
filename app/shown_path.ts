/**
 * Paths and words as a person would type them.
 *
 * @module
 */
import { relative, resolve } from "@std/path";

/**
 * A path as a person would write it: relative to the current folder, unless
 * the whole path is shorter.
 *
 * @param path The path; relative ones start from the current folder.
 * @param folder The current folder.
 */
export function shownPath(path: string, folder: string = Deno.cwd()): string {
  const whole = resolve(folder, path);
  const short = relative(folder, whole) || ".";
  return short.length < whole.length ? short : whole;
}

/**
 * A path as a person would write it on a command line.
 *
 * @param path The path; relative ones start from the current folder.
 * @param folder The current folder.
 */
export function shownWord(path: string, folder?: string): string {
  const shown = shownPath(path, folder);
  // What starts with a dash would be a flag.
  return shellWord(shown.startsWith("-") ? `./${shown}` : shown);
}

/** A text with quotes where a shell would not read it as one word. */
export function shellWord(word: string): string {
  const isWindows = Deno.build.os === "windows";
  const plain = isWindows ? /^[\w./\\:@+,=-]+$/ : /^[\w./:@%+,=-]+$/;
  if (plain.test(word)) return word;
  return isWindows ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
