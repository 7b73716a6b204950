import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { presentOutputs } from "./_present_outputs.ts";
import type { BatchFile, Verdict } from "./batch_file.ts";
import type { FileState } from "./file_state.ts";
import type { DoneEvent } from "./manifest_event.ts";
import type { Stamp } from "./source.ts";

/** What is known of a file before it is judged. */
export interface Evidence {
  /** The output folder. */
  readonly folder: string;
  /** The id of this run's setup. */
  readonly setup: string;
  /** What the manifests say. */
  readonly state: FileState | undefined;
  /** What the file is like now. */
  readonly stamp: Stamp;
  /** Hashes the file, which is done only where its time has changed. */
  hash(): Promise<string>;
}

/**
 * Decides whether a file is done, and refuses to replace what is not the
 * program's own unfinished work.
 *
 * @throws {FileError} If an output is there that may not be replaced.
 */
export async function judgeFile(
  { outputs }: BatchFile,
  evidence: Evidence,
): Promise<Verdict> {
  const { folder, setup, state, stamp } = evidence;
  const present = await presentOutputs(folder, outputs);
  const record = state?.done;
  const sizes = new Map(record?.outputs.map(({ path, size }) => [path, size]));
  let hash: string | undefined;
  if (
    record?.setup === setup && record.size === stamp.size &&
    outputs.every((output) => sizes.has(output))
  ) {
    hash = record.modified === stamp.modified
      ? record.hash
      : await evidence.hash();
    if (hash === record.hash) {
      // Where some were removed, those that are left are ours to replace.
      if (present.length < outputs.length) return { done: false, stamp, hash };
      const changed = present.filter(({ path, size }) =>
        size !== sizes.get(path)
      ).map(({ path }) => path);
      return { done: true, record, changed };
    }
  }
  const foreign = present.find(({ path }) => !state?.begun.includes(path));
  if (foreign) {
    throw new FileError(
      cannot("write", "output", join(folder, foreign.path), {
        found: describe(foreign.path, record, evidence),
        remedy: "use --force to replace it",
      }),
    );
  }
  return { done: false, stamp, ...hash === undefined ? {} : { hash } };
}

function describe(
  output: string,
  record: DoneEvent | undefined,
  { setup, stamp }: Evidence,
): string {
  if (!record?.outputs.some(({ path }) => path === output)) {
    return "a file of that name";
  }
  if (record.setup !== setup) {
    return "one made with other settings or another model";
  }
  return record.size === stamp.size && record.modified === stamp.modified
    ? "a file of that name"
    : "one made before the image changed";
}
