import { join, relative, SEPARATOR } from "@std/path";
import { type SummaryRow, writeSummary } from "./outputs/write_summary.ts";
import type { Shard } from "./batch/shard.ts";
import type { FileReport } from "./segment.ts";

/**
 * Writes `summary.html` into the output folder, or `summary-2-of-8.html` for a
 * shard. Of images that were done
 * before, it tells what the manifest does.
 *
 * @throws {FileError} If it cannot be written.
 */
export async function writeBatchSummary(
  out: string,
  shard: Shard | undefined,
  files: readonly FileReport[],
  thumbnails: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const rows = files.map((file): SummaryRow => {
    const { input: name } = file;
    if ("error" in file) return { name, error: file.error.message };
    if ("skipped" in file) {
      const { counts, outputs: [first] } = file.skipped;
      const row = rowOf(name, counts);
      return first ? { ...row, link: first.path } : row;
    }
    const { width, height, foreground, objects, area } = file;
    const [path] = Object.values(file.outputs);
    const thumbnail = thumbnails.get(name);
    const row = rowOf(name, {
      width,
      height,
      foreground: foreground * width * height,
      objects,
      area,
    });
    return {
      ...row,
      ...(thumbnail && { thumbnail }),
      ...(path && { link: relative(out, path).replaceAll(SEPARATOR, "/") }),
    };
  });
  const part = shard ? `-${shard.index}-of-${shard.count}` : "";
  await writeSummary(join(out, `summary${part}.html`), rows);
}

function rowOf(
  name: string,
  counts: Readonly<Record<string, number>>,
): SummaryRow {
  const { width, height, foreground, objects, area } = counts;
  return {
    name,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(objects !== undefined && { objects }),
    ...(foreground !== undefined && width && height &&
      { share: foreground / (width * height) }),
    ...(area !== undefined && objects && { meanArea: area / objects }),
  };
}
