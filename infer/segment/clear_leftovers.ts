import { dirname, join } from "@std/path";
import { removeLeftovers } from "@unet/files";
import type { Job } from "./plan_outputs.ts";
import type { Manifest } from "../batch/manifest.ts";

/**
 * Removes the temporary files that killed runs left among the outputs, in the
 * folders that this run writes into and in those that its manifests name. Other
 * shards may be writing there: their files stay.
 *
 * @throws {FileError} If a folder cannot be read.
 */
export async function clearLeftovers(
  out: string,
  jobs: readonly Job[],
  manifest: Manifest,
): Promise<void> {
  const folders = manifest.outputFolders;
  folders.add(".");
  for (const { outputs } of jobs) {
    for (const path of outputs) folders.add(dirname(path));
  }
  for (const folder of folders) await removeLeftovers(join(out, folder));
}
