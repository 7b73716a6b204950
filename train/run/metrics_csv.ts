import { brief, cannot, FileError } from "@unet/errors";
import { rowColumns, sourceColumnsOf, trainedColumns } from "./row_columns.ts";
import type { EpochRow } from "./epoch_row.ts";

/**
 * Writes rows as comma-separated values under a header, each number with all
 * its digits. Each head after the first has a column, as in `borderF1`. What
 * epoch 0 lacks, training loss and learning rate, is left empty.
 *
 * @param rows The rows.
 * @returns The text; every line ends with a line feed.
 *
 * @example
 * ```ts
 * import { formatCsv } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   formatCsv([]),
 *   "epoch,step,loss,validationLoss,f1,f1PerImage,iou,precision,recall,learningRate,seconds\n",
 * );
 * ```
 */
export function formatCsv(rows: readonly EpochRow[]): string {
  const columns = rowColumns(rows.flatMap(Object.keys));
  const lines = rows.map((row) =>
    columns.map((name) => String(row[name] ?? ""))
  );
  return [columns, ...lines].map((line) => line.join(",") + "\n").join("");
}

/**
 * Reads what {@linkcode formatCsv} wrote, to the same numbers.
 *
 * @param text The text.
 * @param path The file it came from, for messages; `metrics.csv` by default.
 * @returns The rows.
 * @throws {FileError} If the header is another, a line has other columns or no
 * numbers, or the last line has no end, as when writing was cut off.
 *
 * @example
 * ```ts
 * import { type EpochRow, formatCsv, parseCsv } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const row: EpochRow = {
 *   epoch: 1,
 *   step: 34,
 *   loss: 0.1 + 0.2,
 *   validationLoss: 0.5,
 *   f1: 0.9,
 *   f1PerImage: 0.8,
 *   iou: 0.7,
 *   precision: 0.6,
 *   recall: 0.5,
 *   learningRate: 0.4,
 *   seconds: 12.5,
 * };
 * assertEquals(parseCsv(formatCsv([row])), [row]);
 * ```
 */
export function parseCsv(text: string, path = "metrics.csv"): EpochRow[] {
  const fault = (found: string, expected: string) =>
    new FileError(cannot("read", "metrics", path, { found, expected }));
  const lines = text.split(/\r?\n/);
  const rest = lines.pop();
  if (rest !== "") {
    throw fault(`line ${lines.length + 1} cut off`, "a line feed at its end");
  }
  const [header, ...body] = lines;
  const columns = rowColumns(header?.split(",") ?? []);
  const sources: ReadonlySet<string> = new Set(sourceColumnsOf(columns));
  if (header !== columns.join(",")) {
    throw fault(`header ${brief(header ?? "")}`, `"${columns.join(",")}"`);
  }
  return body.map((line, i) => {
    const cells = line.split(",");
    if (cells.length !== columns.length) {
      throw fault(
        `${cells.length} columns in line ${i + 2}`,
        `${columns.length}`,
      );
    }
    const isStart = Number(cells[0]) === 0;
    const entries = columns.flatMap((name, column): [string, unknown][] => {
      const cell = cells[column]!, value = Number(cell);
      if (cell === "" && isStart && trainedColumns.includes(name)) {
        return [[name, null]];
      }
      if (cell === "" && sources.has(name)) return [];
      if (cell.trim() === "" || (Number.isNaN(value) && cell !== "NaN")) {
        throw fault(`${name} ${brief(cell)} in line ${i + 2}`, "a number");
      }
      return [[name, value]];
    });
    return Object.fromEntries(entries) as unknown as EpochRow;
  });
}
