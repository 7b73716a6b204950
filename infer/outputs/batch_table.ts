import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { StackAxis } from "../instances/instance.ts";
import { TextFile } from "./_text_file.ts";
import { classAreaColumns } from "./class_areas.ts";
import { measurementColumns } from "./measurement_columns.ts";

/** The table of one image. */
export interface ImageTable {
  /** The image's name, for the column `file`. */
  readonly name: string;
  /** Where its table is. */
  readonly path: string;
  /** What it was made with, for the column `setup`. */
  readonly setup: string;
}

/** The joined table. */
export interface BatchTable {
  /** Images whose tables are in it. */
  readonly images: number;
  /** Those of them that are stacks. */
  readonly stacks: number;
  /** Objects, by their labels: one of a linked stack counts once. */
  readonly objects: number;
  /** Its rows of objects: in stacks there is one per object and plane. */
  readonly sections: number;
  /** Its rows of classes, one per class and image. */
  readonly classes: number;
  /** Tables that could not be read, a message each. */
  readonly faults: readonly string[];
}

/** The columns of objects before those of channels. */
const common = measurementColumns([]);

/** What the rows of an image's table are of, by the columns that begin it. */
const kinds = { objects: common, classes: classAreaColumns } as const;

/** What stacks may be made of: the columns of the index in them. */
const axes = ["plane", "time"] as const;

/** A table, and what its rows are of. */
interface Readable {
  readonly table: ImageTable;
  readonly kind: keyof typeof kinds;
  readonly header: readonly string[];
}

/** Longer lines are no table's; they would only fill the memory. */
const longestLine = 2 ** 20;

/**
 * Puts the tables of many images together: the columns `file`, those of
 * `measurementColumns()` or, with a network of classes, of `classAreaColumns`,
 * and `setup`, in which rows of other settings or of another model differ.
 * Where images have different channels, or some have objects and others
 * classes, the table has the columns of all, and a cell is empty whose image
 * has no such column. Tables of stacks add `plane` or `time` in the same way.
 *
 * Memory holds a row, and the numbers of a stack's objects. A table that is
 * missing or is none is left out.
 *
 * @param path The file, replaced if it is there.
 * @param tables The images' tables, as `MeasurementCsv` or `writeClassAreas()`
 * writes them, in order.
 * @returns What was put together.
 * @throws {FileError} If it cannot be written; nothing of it is left then.
 *
 * @example
 * ```ts
 * import { MeasurementCsv, writeBatchTable } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await using csv = await MeasurementCsv.open(`${folder}/a.csv`);
 * await csv.finish();
 * const { images, objects } = await writeBatchTable(
 *   `${folder}/measurements.csv`,
 *   [{ name: "a.tif", path: `${folder}/a.csv`, setup: "0123" }],
 * );
 * assertEquals([images, objects], [1, 0]);
 * ```
 */
export async function writeBatchTable(
  path: string,
  tables: Iterable<ImageTable>,
): Promise<BatchTable> {
  const faults: string[] = [];
  const readable: Readable[] = [];
  // Most tables have one of a few headers, each kept once.
  const headers = new Map<string, readonly string[]>();
  for (const table of tables) {
    const read = await check(table);
    if ("fault" in read) faults.push(read.fault);
    else {
      const header = headers.get(read.header) ?? read.header.split(",");
      headers.set(read.header, header);
      readable.push({ table, kind: read.kind, header });
    }
  }
  const columns = columnsOf(readable);
  await using file = await TextFile.open(path, "table");
  await file.write(`${["file", ...columns, "setup"].join(",")}\r\n`);
  const counts = { stacks: 0, objects: 0, sections: 0, classes: 0 };
  for (const { table, kind, header } of readable) {
    // Of an object of a stack there may be a row per plane.
    const labels = axisOf(header) === undefined ? null : new Set<string>();
    let rows = 0;
    const places = columns.map((name) => header.indexOf(name));
    const start = `${quoted(nameCell(table.name))},`,
      end = `,${quoted(table.setup)}\r\n`;
    let isHeader = true;
    for await (const line of linesOf(table)) {
      const cells = line.split(",");
      const chosen = places.map((place) => place < 0 ? "" : cells[place]!);
      if (!isHeader) {
        await file.write(start + chosen.join(",") + end);
        labels?.add(cells[0]!);
        rows++;
      }
      isHeader = false;
    }
    if (labels) counts.stacks++;
    if (kind === "classes") counts.classes += rows;
    else {
      counts.objects += labels?.size ?? rows;
      counts.sections += rows;
    }
  }
  await file.finish();
  return { images: readable.length, ...counts, faults };
}

/** The columns of all tables, those of channels last. */
function columnsOf(tables: readonly Readable[]): string[] {
  const found = new Set(tables.map(({ kind }) => kind));
  const used = axes.filter((axis) =>
    tables.some(({ header }) => axisOf(header) === axis)
  );
  // Of no table at all, the columns of objects.
  if (found.size === 0) return [...common];
  const fixed = (["objects", "classes"] as const)
    .filter((kind) => found.has(kind)).flatMap((kind) => kinds[kind]);
  const channels = tables.flatMap(({ kind, header }) =>
    withoutAxis(header).slice(kinds[kind].length)
  );
  const [first, ...rest] = [...new Set([...fixed, ...channels])];
  return [first!, ...used, ...rest];
}

/** What the stack of a table is made of, where it is one. */
function axisOf([, second]: readonly string[]): StackAxis | undefined {
  return axes.find((axis) => axis === second);
}

/** The columns but that of the index in a stack. */
function withoutAxis(header: readonly string[]): readonly string[] {
  const axis = axisOf(header);
  return axis === undefined ? header : header.filter((_, at) => at !== 1);
}

/** Reads a table through, and gives its header, or what is wrong with it. */
async function check(
  table: ImageTable,
): Promise<
  | { readonly header: string; readonly kind: Readable["kind"] }
  | { readonly fault: string }
> {
  try {
    let header: string | undefined, kind: Readable["kind"] | undefined;
    let columns = 0;
    for await (const line of linesOf(table)) {
      const cells = line.split(",");
      if (header === undefined) {
        const plain = withoutAxis(cells);
        kind = (["objects", "classes"] as const).find((each) =>
          kinds[each].every((name, at) => plain[at] === name)
        );
        if (kind === undefined) throw notATable(table, "other columns");
        header = line;
        columns = cells.length;
      } else if (cells.length !== columns) {
        throw notATable(
          table,
          `a row of ${cells.length} cells, not ${columns}`,
        );
      }
    }
    if (header === undefined || kind === undefined) {
      throw notATable(table, "an empty file");
    }
    return { header, kind };
  } catch (error) {
    if (error instanceof FileError) return { fault: error.message };
    throw error;
  }
}

async function* linesOf(
  table: ImageTable,
): AsyncGenerator<string, void, void> {
  const chunk = new Uint8Array(1 << 16), decoder = new TextDecoder();
  let rest = "";
  try {
    using file = await Deno.open(table.path, { read: true });
    for (;;) {
      const count = await file.read(chunk);
      rest += decoder.decode(chunk.subarray(0, count ?? 0), {
        stream: count !== null,
      });
      const lines = rest.split(/\r?\n/);
      rest = lines.pop()!;
      yield* lines;
      if (count === null) break;
      if (rest.length > longestLine) throw notATable(table, "no lines");
    }
    if (rest !== "") yield rest;
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("read", "table", table.path, {
        found: describeSystemFault(cause),
      }),
      { cause },
    );
  }
}

function notATable({ path }: ImageTable, found: string): FileError {
  return new FileError(
    cannot("read", "table", path, {
      found,
      expected: "a table of measurements as this program writes it",
      remedy: "remove it, and the next run writes it again",
    }),
  );
}

/**
 * The name of a file, which no spreadsheet takes for a formula: with its folder
 * where it begins as one does (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function nameCell(name: string): string {
  return /^[=+\-@\t\r]/.test(name) ? `./${name}` : name;
}

/** A text as RFC 4180 has it. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
