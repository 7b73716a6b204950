/** A line of a table of text. */
export interface TableRow {
  /** The line of the text in which it begins, from 1. */
  readonly line: number;
  /** Its fields, without blanks around them. */
  readonly fields: readonly string[];
}

/** A field without quotes, and what surrounds one in quotes. */
const plainField = /[^",\r\n]*/y, openingQuote = /[ \t]*"/y, blanks = /[ \t]*/y;

/** What ends a field. */
const separator = /,|\r\n|\n|\r|$/y;

/**
 * Parses comma-separated values as RFC 4180 describes them: a field in double
 * quotes may hold commas, line breaks, and quotes written twice. Empty lines
 * are skipped.
 *
 * @param text The table.
 * @throws {SyntaxError} If quotes do not enclose a whole field; the message
 * says in a few words what was found.
 */
export function parseTable(text: string): TableRow[] {
  const rows: TableRow[] = [];
  let fields: string[] = [], line = 1, start = 1, isQuoted = false;
  for (let at = 0; at < text.length || fields.length > 0;) {
    const quoted = quotedField(text, at);
    const field = quoted ?? match(plainField, text, at)!;
    at = separator.lastIndex = at + field.length;
    const end = separator.exec(text);
    if (!end) throw new SyntaxError(`stray quotes in line ${line}`);
    if (quoted === undefined) fields.push(field.trim());
    else {
      isQuoted = true;
      line += quoted.match(/\r\n|\n|\r/g)?.length ?? 0;
      fields.push(quoted.trim().slice(1, -1).replaceAll('""', '"'));
    }
    at += end[0].length;
    if (end[0] === ",") continue;
    const isEmpty = fields.length === 1 && fields[0] === "" && !isQuoted;
    if (!isEmpty) rows.push({ line: start, fields });
    start = ++line;
    fields = [];
    isQuoted = false;
  }
  return rows;
}

/** The field in quotes that begins here, with the blanks around it. */
function quotedField(text: string, start: number): string | undefined {
  const opening = match(openingQuote, text, start);
  if (opening === undefined) return undefined;
  for (let at = start + opening.length;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    at = quote + 1;
    if (text[at] === '"') at++;
    else return text.slice(start, at) + match(blanks, text, at);
  }
}

/** What a sticky expression matches at a place. */
function match(what: RegExp, text: string, at: number): string | undefined {
  what.lastIndex = at;
  return what.exec(text)?.[0];
}
