import { cannot, FileError } from "@unet/errors";

/**
 * Replaces a part of a text of Markdown that a program writes: what is between
 * `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @param text The text.
 * @param section The part's name, what stands there from now on, and the file
 * for messages.
 * @returns The text with the new part.
 * @throws {FileError} If the text has no such part.
 */
export function replaceSection(
  text: string,
  { name, content, file }: {
    readonly name: string;
    readonly content: string;
    readonly file: string;
  },
): string {
  const start = `<!-- ${name} -->`, end = `<!-- /${name} -->`;
  const from = text.indexOf(start), to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new FileError(
      cannot("write", "section", name, {
        found: `no ${start} … ${end} in ${file}`,
        expected: "both lines, around what is replaced",
      }),
    );
  }
  const head = text.slice(0, from + start.length);
  return `${head}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
