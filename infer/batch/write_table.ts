import { join } from "@std/path";
import { type BatchTable, writeBatchTable } from "../outputs/batch_table.ts";
import type { FileState } from "./file_state.ts";

/** The table of a batch. */
export interface WrittenTable extends BatchTable {
  /** Its path. */
  readonly path: string;
  /** With how many different settings and models its rows were made. */
  readonly setups: number;
}

/** Options of the table. */
export interface TableOptions {
  /** What manifests know of each file, in the order of the rows. */
  readonly records: readonly FileState[];
  /** The folder that outputs' paths start at. */
  readonly folder: string;
}

/**
 * Writes one table of all files that manifests know a table of.
 *
 * @param path The table, replaced if it is there.
 * @param options The files.
 * @returns What was put together.
 * @throws {FileError} If it cannot be written.
 *
 * @example
 * ```ts
 * import { writeTable } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/measurements.csv`;
 * const { images } = await writeTable(path, { records: [], folder });
 * assertEquals(images, 0);
 * ```
 */
export async function writeTable(
  path: string,
  { records, folder }: TableOptions,
): Promise<WrittenTable> {
  const tables = records.flatMap(({ name, done }) => {
    const table = tableOf(done);
    return done && table
      ? [{ name, path: join(folder, table.path), setup: done.setup }]
      : [];
  });
  const written = await writeBatchTable(path, tables);
  const setups = new Set(tables.map(({ setup }) => setup)).size;
  return { ...written, path, setups };
}

/** The table among a file's outputs. */
export function tableOf(
  done: FileState["done"],
): { readonly path: string } | undefined {
  return done?.outputs.find(({ path }) => path.endsWith(".csv"));
}
