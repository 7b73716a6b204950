import { dirname, join } from "@std/path";
import { removeLeftovers } from "@unet/files";
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
    if (await isFile(join(out, folder))) continue;
    await removeLeftovers(join(out, folder));
    await clearBands(
      join(out, folder),
      (path) => resume && !finished.has(path),
    );
  }
}

/** Whether a file is where a folder is to be, which its image then says. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    // Whatever is wrong with it, listing it says so.
    return false;
  }
}
