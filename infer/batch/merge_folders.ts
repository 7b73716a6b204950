import { join, relative, resolve, SEPARATOR } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { makeFolder, writeFile } from "@unet/files";
import { lockManifest } from "./_lock_manifest.ts";
import { ManifestFile } from "./_manifest_file.ts";
import { BatchFiles } from "./batch_files.ts";
import type { FileState } from "./file_state.ts";
import { manifestName } from "./manifest_name.ts";
import { formatEvent, type ManifestEvent } from "./manifest_event.ts";
import { type BatchSummary, mergeManifests } from "./merge_manifests.ts";
import {
  listManifests,
  type ManifestContent,
  readManifest,
} from "./read_manifest.ts";
import { writePage } from "./write_page.ts";
import { tableOf, writeTable, type WrittenTable } from "./write_table.ts";

/** Where a merge left what it made. */
export interface Merge {
  /** The manifest. */
  readonly manifest: string;
  /** The summary, as JSON. */
  readonly summaryFile: string;
  /** The summary. */
  readonly summary: BatchSummary;
  /** The table of all files, where the shards wrote tables. */
  readonly table?: WrittenTable;
  /** The page, if one was asked for. */
  readonly page?: string;
}

/** What is written besides. */
export interface MergeOptions {
  /** Whether `summary.html` is written, the page of all files. */
  readonly page?: boolean;
  /** The command line that the page lists; none by default. */
  readonly command?: string;
}

/** The names of the table and of the page. */
const tableName = "measurements.csv", pageName = "summary.html";

/**
 * Merges the manifests of output folders into one, `manifest.jsonl`, and
 * writes `summary.json` beside it, and `measurements.csv` where files have
 * tables. Paths of outputs are rewritten to start at that folder; the outputs
 * stay where they are. Manifests that are there already are merged too, so
 * nothing that they say is lost.
 *
 * @param folders The output folders.
 * @param out The folder for the merged manifest; made if it is missing.
 * @param options Whether a page is written, too.
 * @returns What was written, and what became of the batch.
 * @throws {FileError} If a folder holds no manifest, one cannot be read or
 * written, or another process writes the one in `out`.
 *
 * @example
 * ```ts
 * import { Manifest, mergeFolders } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const out = await Deno.makeTempDir();
 * for (const index of [1, 2]) {
 *   const shard = { index, count: 2 };
 *   const options = { settings: {}, model: "m", files: 0, shard };
 *   using manifest = await Manifest.open(out, options);
 *   await manifest.end();
 * }
 * const { summary } = await mergeFolders([out], out);
 * assertEquals(summary.manifests.map(({ shard }) => shard), ["1/2", "2/2"]);
 * ```
 */
export async function mergeFolders(
  folders: readonly string[],
  out: string,
  { page = false, command }: MergeOptions = {},
): Promise<Merge> {
  const manifest = join(out, manifestName());
  const summaryFile = join(out, "summary.json");
  for (const folder of folders) {
    if ((await listManifests(folder)).length === 0) throw noManifest(folder);
  }
  await makeFolder(out);
  using _lock = await lockManifest(manifest);
  const contents = new Map<string, ManifestContent>();
  for (const folder of [...folders, out]) {
    for (const path of await listManifests(folder)) {
      if (contents.has(resolve(path))) continue;
      const content = moved(await readManifest(path), folder, out);
      contents.set(resolve(path), content);
    }
  }
  const all = [...contents.values()];
  const { events, states, summary } = mergeManifests(all);
  const hasTables = states.some(({ done }) => tableOf(done));
  const checked = new BatchFiles(out, all);
  if (hasTables) await checked.check(tableName);
  if (page) await checked.check(pageName);
  const json = JSON.stringify(summary, null, 2) + "\n";
  await writeFile(summaryFile, json, "summary");
  await writeFile(manifest, linesOf(events), "manifest");
  using file = await ManifestFile.open(manifest, undefined);
  const files = new BatchFiles(out, all, { file });
  const about = { records: states, folder: out };
  let table: WrittenTable | undefined;
  if (hasTables) {
    await files.write(tableName, async (path) => {
      table = await writeTable(path, about);
    });
  }
  if (page) {
    const setups = new Map(
      all.flatMap(({ runs }) => runs).map((run) => [run.setup, run]),
    );
    await files.write(pageName, (path) =>
      writePage(path, {
        ...{ ...about, setupOf: (id) => setups.get(id) },
        ...command !== undefined && { command },
      }));
  }
  return {
    ...{ manifest, summaryFile, summary },
    ...table && { table },
    ...page && { page: join(out, pageName) },
  };
}

function noManifest(folder: string): FileError {
  return new FileError(
    cannot("merge", "folder", folder, {
      found: "no manifest in it",
      expected: "an output folder of unet segment",
    }),
  );
}

/** Lines in pieces of some size, for there may be a million. */
function* linesOf(events: readonly ManifestEvent[]): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let at = 0; at < events.length; at += 1000) {
    const lines = events.slice(at, at + 1000).map(formatEvent);
    yield encoder.encode(lines.join(""));
  }
}

/** A manifest whose outputs' paths start at another folder. */
function moved(
  content: ManifestContent,
  from: string,
  to: string,
): ManifestContent {
  const way = relative(resolve(to), resolve(from)).replaceAll(SEPARATOR, "/");
  if (way === "") return content;
  const move = (path: string): string => `${way}/${path}`;
  const files = new Map<string, FileState>();
  for (const [name, state] of content.files) {
    const { begun, done } = state;
    files.set(name, {
      ...state,
      begun: begun.map(move),
      ...done
        ? {
          done: {
            ...done,
            outputs: done.outputs.map(({ path, size }) => ({
              path: move(path),
              size,
            })),
          },
        }
        : {},
    });
  }
  const batchFiles = new Map(
    [...content.batchFiles].map(([path, state]) => [move(path), state]),
  );
  return { ...content, files, batchFiles };
}
