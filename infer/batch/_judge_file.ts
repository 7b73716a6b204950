import { join } from "@std/path";
import { cannot, type FileError, type Reason } from "@unet/errors";
import { presentOutputs } from "./present_outputs.ts";
import type { BatchFile, Verdict } from "./batch_file.ts";
import type { FileState } from "./file_state.ts";
import type { DoneEvent, WrittenOutput } from "./manifest_event.ts";
import type { OtherFile } from "./other_files.ts";
import { RefusedOutput } from "./refused_output.ts";
import type { SetupDifference } from "./setup.ts";
import type { Stamp } from "./source.ts";

/** What is known of a file before it is judged. */
export interface Evidence {
  /** The output folder. */
  readonly folder: string;
  /** What the manifests say. */
  readonly state: FileState | undefined;
  /** What the file is like now. */
  readonly stamp: Stamp;
  /** Whether everything is done anew. */
  readonly force: boolean;
  /** What is different about the setup of another run, by its id. */
  differenceFrom(setup: string): SetupDifference | undefined;
  /** Hashes the file, which is done only where its time has changed. */
  hash(): Promise<string>;
  /** Compares the other files that it was read from. */
  compareOthers(
    before: readonly OtherFile[],
  ): Promise<{ changed: string } | { others: OtherFile[] }>;
}

/**
 * Decides which outputs of a file are to be written, and refuses to replace
 * what is not the program's own unfinished work, or to add outputs to those of
 * another model, other settings or another content.
 *
 * @throws {FileError} If an output is there that may not be replaced, or added
 * to.
 */
export async function judgeFile(
  { outputs, kinds = {} }: BatchFile,
  evidence: Evidence,
): Promise<Verdict> {
  const { folder, state, stamp, force } = evidence;
  const record = state?.done;
  const known = new Map(record?.outputs.map((each) => [each.path, each]));
  const present = await presentOutputs(
    folder,
    [...new Set([...outputs, ...known.keys()])],
  );
  const hash = await hashOf(record, evidence);
  const isOwnSame = record !== undefined && hash === record.hash;
  const compared = isOwnSame && record.others
    ? await evidence.compareOthers(record.others)
    : { others: undefined };
  const changedOther = "changed" in compared ? compared.changed : undefined;
  const isSame = isOwnSame && changedOther === undefined &&
    evidence.differenceFrom(record.setup) === undefined;
  const wanted = new Set(outputs);
  const others = present.filter(({ path }) => !wanted.has(path))
    .map(({ path }) => path);
  const rest = { stamp, ...hash === undefined ? {} : { hash } };
  if (force) {
    const stale = isSame ? [] : others;
    return { done: false, ...rest, missing: outputs, otherKind: [], stale };
  }
  const refuse = (output: string, reason: Reason): FileError =>
    new RefusedOutput(cannot("write", "output", join(folder, output), reason));
  const sizes = new Map(present.map(({ path, size }) => [path, size]));
  for (const path of outputs) {
    if (!sizes.has(path) || state?.begun.includes(path)) continue;
    if (!known.has(path)) {
      throw refuse(path, {
        found: "a file of that name",
        remedy: "use `force` to replace it",
      });
    }
    if (!isSame) {
      throw refuse(path, {
        ...describe("one", record!, { evidence, changedOther }),
        remedy: "use `force` to replace it",
      });
    }
  }
  const missing = outputs.filter((path) =>
    !sizes.has(path) || state?.begun.includes(path)
  );
  const keptOf = (differs: (path: string, one: WrittenOutput) => boolean) =>
    outputs.filter((path) =>
      !missing.includes(path) && differs(path, known.get(path)!)
    );
  const otherKind = keptOf((path, { kind }) => kind !== kinds[path]);
  if (missing.length > 0) {
    const [other] = others;
    if (other !== undefined && !isSame) {
      throw refuse(missing[0]!, {
        ...describe(`"${other}" beside it`, record!, {
          ...{ evidence, changedOther },
        }),
        remedy: "choose another output folder, or use `force`",
      });
    }
    return {
      ...{ done: false, ...rest, missing, otherKind, stale: [] },
      ...isSame ? { record } : {},
    };
  }
  const changed = keptOf((path, { size }) => size !== sizes.get(path));
  const read = "others" in compared ? compared.others : undefined;
  const { modified } = stamp;
  return {
    ...{ done: true, changed, otherKind },
    record: { ...record!, modified, ...read && { others: read } },
    isTouched: record!.modified !== modified || read !== undefined &&
        read.some((one, at) => one.modified !== record!.others![at]!.modified),
  };
}

/**
 * The file's hash, where it can be the recorded one: it is read only if its
 * time has changed and its size has not.
 */
async function hashOf(
  record: DoneEvent | undefined,
  { stamp, hash }: Evidence,
): Promise<string | undefined> {
  if (!record || record.size !== stamp.size) return undefined;
  return record.modified === stamp.modified ? record.hash : await hash();
}

/** What is wrong with an output that a manifest knows. */
function describe(
  thing: string,
  record: DoneEvent,
  { evidence, changedOther }: {
    readonly evidence: Evidence;
    readonly changedOther: string | undefined;
  },
): Pick<Reason, "found" | "expected"> {
  const difference = evidence.differenceFrom(record.setup);
  if (!difference) {
    const what = changedOther === undefined
      ? "the image"
      : `"${changedOther}" of the image`;
    return { found: `${thing} made before ${what} changed` };
  }
  const { one, other } = difference;
  return { found: `${thing} made with ${one}`, expected: other };
}
