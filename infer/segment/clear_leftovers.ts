import { dirname, join } from "@std/path";
import { pathInfo, removeLeftovers } from "@unet/files";
import { clearBands } from "./hold_bands.ts";
import type { Job } from "./plan_outputs.ts";
import type { Manifest } from "../batch/manifest.ts";

/**
 * Removes the temporary files and the rows of large images that killed runs left
 * among the outputs, in the folders that this run writes into and in those that
 * its manifests name. Other shards may be writing there: their files stay. A
 * run that resumes keeps the rows of all images that are not finished.
 *
 * @throws {FileError} If a folder cannot be read.
 */
export async function clearLeftovers(
  out: string,
  jobs: readonly Job[],
  { manifest, resume }: {
    readonly manifest: Manifest;
    readonly resume: boolean;
  },
): Promise<void> {
  const folders = manifest.outputFolders;
  folders.add(".");
  for (const { outputs } of jobs) {
    for (const path of outputs) folders.add(dirname(path));
  }
  const finished = new Set(
    jobs.filter((job) => manifest.expects(job)).map(({ partial }) => partial),
  );
  for (const folder of folders) {
    const place = join(out, folder);
    // A file where a folder is to be: its image says so.
    if ((await pathInfo(place, "list", "folder"))?.isFile) continue;
    await removeLeftovers(place);
    await clearBands(
      place,
      (path) => resume && !finished.has(path),
    );
  }
}
