import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, removeLeftovers } from "@unet/files";
import { removeRunLeftovers } from "@unet/train";

/**
 * Removes the temporary files that killed workers left in the folder of a study
 * and in the run folders of its trials. Trials under way keep theirs.
 *
 * @param out The folder of the run folders.
 * @throws {FileError} If a folder cannot be read.
 */
export async function clearTrials(out: string): Promise<void> {
  await removeLeftovers(out);
  for (const name of await namesIn(out)) {
    if (/^trial-\d+$/.test(name)) await removeRunLeftovers(join(out, name));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new FileError(
      cannot("list", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  return names;
}
