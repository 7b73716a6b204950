import { join } from "@std/path";
import type { Manifest } from "../batch/manifest.ts";
import { recordsOf } from "../batch/records.ts";
import { writePage } from "../batch/write_page.ts";
import { writeTable, type WrittenTable } from "../batch/write_table.ts";
import type { SegmentOptions } from "./segment_options.ts";
import { chosenFormats } from "./stack_settings.ts";

/** The files of the whole batch that the options ask for. */
function namesOf(
  options: SegmentOptions,
): { table?: string; summary?: string } {
  const { shard, summary = false } = options;
  const suffix = shard ? `-${shard.index}-of-${shard.count}` : "";
  return {
    ...chosenFormats(options).includes("csv")
      ? { table: `measurements${suffix}.csv` }
      : {},
    ...summary ? { summary: `summary${suffix}.html` } : {},
  };
}

/**
 * Makes sure, before any work, that the files of the whole batch may be
 * written.
 *
 * @throws {FileError} If one is there that is not the program's own.
 */
export async function checkBatchFiles(
  manifest: Manifest,
  options: SegmentOptions,
): Promise<void> {
  for (const path of Object.values(namesOf(options))) {
    await manifest.batchFiles.check(path);
  }
}

/**
 * Writes the files of the whole batch that the options ask for, of all files
 * that the manifests know: a rerun keeps what earlier runs found.
 *
 * @returns The table and the summary's path, where they are asked for.
 * @throws {FileError} If one cannot be written.
 */
export async function writeBatchFiles(
  manifest: Manifest,
  options: SegmentOptions,
): Promise<{ readonly table?: WrittenTable; readonly summary?: string }> {
  const { out, shard, model = "", modelName, command } = options;
  const { table, summary } = namesOf(options);
  const records = recordsOf(manifest.states, shard);
  let written: WrittenTable | undefined;
  if (table !== undefined) {
    await manifest.batchFiles.write(table, async (path) => {
      written = await writeTable(path, { records, folder: out });
    });
  }
  if (summary !== undefined) {
    await manifest.batchFiles.write(
      summary,
      (path) =>
        writePage(path, {
          ...{ records, folder: out },
          setupOf: (id) => manifest.setupOf(id),
          ...modelName !== undefined && { modelNames: { [model]: modelName } },
          ...command !== undefined && { command },
        }),
    );
  }
  return {
    ...written && { table: written },
    ...summary === undefined ? {} : { summary: join(out, summary) },
  };
}
