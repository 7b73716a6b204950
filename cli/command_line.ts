import { basename, isAbsolute, relative, resolve } from "@std/path";
import { shellWord } from "@unet/app/shown-path";

/**
 * The command line as others may read it: with the words that were given, but
 * without the machine's folders. Whole paths become relative, or, where they
 * lead out of the current folder, the last name behind "…".
 *
 * @param program How the program is called, as in "unet".
 * @param args The words behind it, as in `Deno.args`.
 * @param folder The current folder.
 * @returns The line.
 */
export function commandLine(
  program: string,
  args: readonly string[],
  folder: string = Deno.cwd(),
): string {
  const words = args.map((word) => {
    const [, flag = "", value = word] = /^(--[^=]+=)(.*)$/s.exec(word) ?? [];
    return shellWord(flag + shared(value, folder));
  });
  return [program, ...words].join(" ");
}

function shared(word: string, folder: string): string {
  if (!isAbsolute(word)) return word;
  const short = relative(folder, resolve(word)) || ".";
  return short.startsWith("..") || isAbsolute(short)
    ? `…/${basename(word)}`
    : short;
}
