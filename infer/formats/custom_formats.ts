import { cannot } from "@unet/errors";
import type { Finding } from "../windows/class_head.ts";
import type { AnyFormat } from "./format.ts";
import { endingOf, formatsOf, type FormatTable } from "./formats.ts";

/**
 * Output formats of a program's own, by name. Each is written of every image,
 * beside the program's formats, and appears with them or not at all. A manifest
 * notes the names of files, not how they are made: `force` replaces files after
 * a format has changed.
 */
export type CustomFormats = Readonly<Record<string, AnyFormat>>;

/**
 * The formats of a network, those of a program's own among them.
 *
 * @param finding What is found with the network.
 * @param custom The program's own.
 * @returns How outputs are named, made and opened.
 * @throws {RangeError} If a format has the name or the ending of another, or is
 * made of a part that such a network does not give.
 */
export function withCustomFormats(
  finding: Finding,
  custom: CustomFormats = {},
): FormatTable {
  const table: Record<string, AnyFormat> = { ...formatsOf[finding] };
  const parts = new Set(Object.values(table).map(({ takes }) => takes));
  for (const [name, format] of Object.entries(custom)) {
    const clash = Object.keys(table).find((other) =>
      other === name || isSameFile(table[other]!, format)
    );
    if (clash !== undefined) {
      throw refusal(name, {
        found: clash === name
          ? "the name of another format"
          : `the ending "${format.ending}", which is that of ${clash}`,
        expected: "a unique name and ending",
      });
    }
    if (!/^[._-][^/\\]*$/.test(format.ending)) {
      throw refusal(name, {
        found: `the ending ${JSON.stringify(format.ending)}`,
        expected: "one such as .json or _centers.json",
      });
    }
    if (!parts.has(format.takes)) {
      throw refusal(name, {
        found: `a format of ${format.takes}, and a network that finds ` +
          finding,
        expected: `a format of ${[...parts].join(", ")}`,
      });
    }
    table[name] = format;
  }
  return table;
}

/** Whether two formats would write one file, with a pyramid or without. */
function isSameFile(one: AnyFormat, other: AnyFormat): boolean {
  const nameOf = (format: AnyFormat, pyramid: boolean): string =>
    `${format.folder ?? ""}/${endingOf(format, pyramid)}`.toLowerCase();
  return [false, true]
    .some((pyramid) => nameOf(one, pyramid) === nameOf(other, pyramid));
}

function refusal(
  name: string,
  facts: { readonly found: string; readonly expected: string },
): RangeError {
  return new RangeError(cannot("write", "format", name, facts));
}
