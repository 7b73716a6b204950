/**
 * Lays out rows in columns, numbers flush right.
 *
 * @param rows The cells; the first row is the header.
 * @returns Lines without trailing spaces.
 */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const isNumber = widths.map((_, column) =>
    rows.slice(1).every((row) =>
      /^([\d.,%–-]|e[+-]|∞)*$/.test(row[column] ?? "")
    )
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      isNumber[column]
        ? cell.padStart(widths[column]!)
        : cell.padEnd(widths[column]!)
    ).join("  ").trimEnd()
  );
}
