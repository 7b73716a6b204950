import { join } from "@std/path";
import { cannot, FileError, TrainingError } from "@unet/errors";
import {
  describeSystemFault,
  parseJson,
  pathInfo,
  readFolder,
  readTextFile,
  recoverFolder,
  removeLeftovers,
  writeFile,
} from "@unet/files";
import type { Split } from "@unet/data";
import type { Model } from "@unet/model";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { drawCurves } from "./curves.ts";
import type { EpochRow } from "./epoch_row.ts";
import { formatCsv } from "./metrics_csv.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { TrainingRecord } from "./training_record.ts";
import { readState } from "./state_file.ts";
import { initialState, type TrainingState } from "./training_state.ts";

const configFile = "config.json", splitFile = "split.json";

/**
 * The folder of one training run: `config.json`, `split.json`, `metrics.csv`,
 * `curves.svg`, `samples/`, `last/` and `best/`. Each file appears whole or
 * not at all.
 */
export interface RunFolder {
  /** Where it is. */
  readonly path: string;
  /** Every setting of the run, resolved, as JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Which images train, validate and test. */
  readonly split: Split;
  /**
   * Replaces `config.json`, as where a run continues to more epochs.
   *
   * @param config Every setting, resolved; JSON values.
   * @returns The folder with these settings.
   * @throws {FileError} If the file cannot be written; the old one stays.
   */
  withConfig(config: Readonly<Record<string, unknown>>): Promise<RunFolder>;
  /**
   * Reads where the training stands; at its start, if nothing was saved yet.
   *
   * @throws {TrainingError} If what `last/` says is damaged.
   * @throws {FileError} If it cannot be read.
   */
  readState(): Promise<TrainingState>;
  /** The file of a sample of that name, under `samples/`. */
  samplePath(name: string): string;
  /**
   * The place where the Trainer saves this model and optimizer.
   *
   * @param model The model that is trained.
   * @param optimizer The optimizer that trains it.
   * @param card What the saved model's card says besides its metrics.
   */
  record(
    model: Model,
    optimizer: Optimizer,
    card?: Readonly<Record<string, unknown>>,
  ): TrainingRecord;
  /**
   * Loads `last/` into a model and an optimizer; a run that was stopped before
   * it saved anything starts anew. What a killed process left is put right
   * first, which takes {@linkcode lockRun} where others may train into the run.
   *
   * @param model A model of the run's plan.
   * @param optimizer An optimizer of the run's settings.
   * @returns Where the training stood.
   * @throws {TrainingError} If it is not of this model's plan and optimizer.
   * @throws {ModelError} If the weights or the optimizer's state are damaged.
   * @throws {FileError} If a file is missing, or cannot be read or written.
   */
  resume(model: Model, optimizer: Optimizer): Promise<TrainingState>;
}

/**
 * Starts a run folder.
 *
 * @param path Where; it must not hold a run already.
 * @param config Every setting of the run, resolved; JSON values.
 * @param split Which images train and validate.
 * @returns The folder.
 * @throws {FileError} If there is a run already, or nothing can be written.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRun, openRun } from "@unet/train";
 *
 * const path = `${await Deno.makeTempDir()}/first`;
 * const split = { train: ["a", "b"], validation: ["c"], test: [] };
 * await createRun(path, { epochs: 30 }, split);
 * const run = await openRun(path);
 * assertEquals(run.config, { epochs: 30 });
 * assertEquals(run.split, split);
 * ```
 */
export async function createRun(
  path: string,
  config: Readonly<Record<string, unknown>>,
  split: Split,
): Promise<RunFolder> {
  await requireNoRun(path);
  await writeFile(join(path, splitFile), formatJson(split));
  // The configuration last: a folder that has it is a run.
  await writeFile(join(path, configFile), formatJson(config));
  return runFolder(path, config, split);
}

/**
 * Makes sure that a path holds no run yet, nor anything that a run would
 * replace, before long work for a new one.
 *
 * @param path Where the run would be.
 * @throws {FileError} If there is a run already, a study, or a file or folder
 * of a name that a run uses.
 */
export async function requireNoRun(path: string): Promise<void> {
  const refused = (found: string, remedy: string): FileError =>
    new FileError(
      cannot("start", "run", path, { found, expected: "a new folder", remedy }),
    );
  if (await isRun(path)) {
    throw refused(
      "a run there already",
      `continue it with \`resume ${path}\`, or choose another \`out\``,
    );
  }
  for await (const { name } of entriesOf(path)) {
    if (/^trial-\d{4,}$|\.journal$/.test(name)) {
      throw refused(`a study there (${name})`, "choose another `out`");
    }
    if (runNames.test(name)) {
      throw refused(
        `${name} there, which a run would replace`,
        "move it away, or choose another `out`",
      );
    }
  }
}

/** What a run makes after its configuration, which was not found. */
const runNames =
  /^(metrics\.csv|curves\.svg|events\.jsonl|tensorboard|samples|(last|best)(\.old)?)$/;

async function* entriesOf(path: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory
    ) return;
    throw new FileError(
      cannot("list", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/**
 * Whether a run lies at a path.
 *
 * @param path The folder; it need not be there.
 * @returns Whether {@linkcode openRun} would find one, damaged or not.
 * @throws {FileError} If the system does not let it be seen.
 *
 * @example
 * ```ts
 * import { isRun } from "@unet/train";
 * import { assert } from "@std/assert";
 *
 * assert(!await isRun(await Deno.makeTempDir()));
 * ```
 */
export async function isRun(path: string): Promise<boolean> {
  return await pathInfo(join(path, configFile), "open", "run") !== null;
}

/**
 * Opens a run folder that {@linkcode createRun} started.
 *
 * @param path The folder.
 * @returns The folder, with its settings and split.
 * @throws {TrainingError} If it holds no run, or its files are damaged.
 * @throws {FileError} If a file is missing or cannot be read.
 */
export async function openRun(path: string): Promise<RunFolder> {
  if (!await isRun(path)) {
    throw new TrainingError(
      cannot("open", "run", path, {
        found: `no ${configFile}`,
        expected: "a folder that train made",
      }),
    );
  }
  const config = await readJson(join(path, configFile));
  const split = parseSplit(
    await readJson(join(path, splitFile)),
    join(path, splitFile),
  );
  return runFolder(path, config, split);
}

/**
 * Removes the temporary files that killed processes left in a run folder; those
 * of a process that trains into it stay.
 *
 * @param path The run folder.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { removeRunLeftovers } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const run = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${run}/.${crypto.randomUUID()}.part`, "half");
 * await removeRunLeftovers(run);
 * assertEquals([...Deno.readDirSync(run)], []);
 * ```
 */
export async function removeRunLeftovers(path: string): Promise<void> {
  for (const folder of [path, join(path, "samples")]) {
    await removeLeftovers(folder);
  }
}

function parseSplit(value: Record<string, unknown>, path: string): Split {
  for (const part of ["train", "validation", "test"]) {
    const ids = value[part];
    if (
      Array.isArray(ids) && ids.every((id) => typeof id === "string")
    ) continue;
    throw new TrainingError(
      cannot("read", "run file", path, {
        found: `no list of images "${part}"`,
        expected: "names in train, validation and test",
      }),
    );
  }
  return value as unknown as Split;
}

function runFolder(
  path: string,
  config: Readonly<Record<string, unknown>>,
  split: Split,
): RunFolder {
  const last = join(path, "last"), best = join(path, "best");
  return {
    path,
    config,
    split,
    async withConfig(config) {
      await writeFile(join(path, configFile), formatJson(config));
      return runFolder(path, config, split);
    },
    readState: async () => await readFolder(last, readState) ?? initialState,
    samplePath: (name) => join(path, "samples", name),
    record: (model, optimizer, card) => ({
      saveLast: (state) =>
        saveCheckpoint(last, { model, optimizer }, state, card),
      saveBest: (state) =>
        saveCheckpoint(best, { model, optimizer }, state, card),
      saveRows: (rows) => saveRows(path, rows),
    }),
    async resume(model, optimizer) {
      await removeRunLeftovers(path);
      await recoverFolder(best);
      if (!await recoverFolder(last)) return initialState;
      const state = await loadCheckpoint(last, model, optimizer);
      // A kill may have come between the checkpoint and what is drawn from it.
      await saveRows(path, state.rows);
      return state;
    },
  };
}

async function saveRows(
  path: string,
  rows: readonly EpochRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await writeFile(join(path, "metrics.csv"), formatCsv(rows));
  await writeFile(join(path, "curves.svg"), drawCurves(rows));
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const text = await readTextFile(path, "run file");
  const bad = (found: string, cause?: unknown): TrainingError =>
    new TrainingError(
      cannot("read", "run file", path, {
        found,
        expected: "content that train wrote",
      }),
      { cause },
    );
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw bad((cause as SyntaxError).message, cause);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw bad("values without names");
}
