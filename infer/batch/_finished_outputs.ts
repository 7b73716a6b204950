import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { presentOutputs } from "./present_outputs.ts";
import type { BatchFile } from "./batch_file.ts";
import type { WrittenOutput } from "./manifest_event.ts";

/**
 * The outputs of a file that are in their places: those that were just written,
 * and those of before, as they were noted then.
 *
 * @throws {FileError} If one that was asked for is not there.
 */
export async function finishedOutputs(
  { outputs, kinds = {} }: BatchFile,
  { folder, before }: {
    readonly folder: string;
    readonly before: readonly WrittenOutput[];
  },
): Promise<WrittenOutput[]> {
  const kept = new Map(before.map((each) => [each.path, each]));
  const present = await presentOutputs(
    folder,
    [...new Set([...outputs, ...kept.keys()])],
  );
  const paths = new Set(present.map(({ path }) => path));
  const missing = outputs.find((output) => !paths.has(output));
  if (missing !== undefined) {
    throw new FileError(
      cannot("finish", "output", join(folder, missing), {
        found: "no file of that name",
        expected: "it as it was just written",
      }),
    );
  }
  return present.map(({ path, size }) => {
    const kind = kinds[path];
    return kept.get(path) ??
      { path, size, ...kind === undefined ? {} : { kind } };
  });
}
