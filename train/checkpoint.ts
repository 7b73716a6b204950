import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { cannot, TrainingError } from "@unet/errors";
import {
  readFile,
  readTextFile,
  recoverFolder,
  replaceFolder,
  writeFile,
} from "@unet/files";
import {
  decodeModel,
  encodeModel,
  floatValues,
  type Model,
  modelFileName,
  parseSafetensors,
  serializeSafetensors,
  setWeights,
} from "@unet/model";
import { rowColumns } from "./_row_columns.ts";
import type { EpochRow } from "./epoch_row.ts";
import type { Optimizer } from "./optimizer.ts";

/** Where a training stands between two steps. */
export interface TrainingState {
  /** Epochs finished. */
  readonly epoch: number;
  /** Batches done of the epoch that is under way. */
  readonly batch: number;
  /** Optimizer steps done in all. */
  readonly step: number;
  /** Sum of the losses of the batches done of this epoch. */
  readonly lossSum: number;
  /** Seconds spent on this epoch so far. */
  readonly seconds: number;
  /** The best epoch so far, counted from 1, and its validation F1. */
  readonly best: { readonly epoch: number; readonly f1: number } | null;
  /** What each finished epoch measured. */
  readonly rows: readonly EpochRow[];
}

/** The state before the first step. */
export const initialState: TrainingState = {
  epoch: 0,
  batch: 0,
  step: 0,
  lossSum: 0,
  seconds: 0,
  best: null,
  rows: [],
};

const optimizerFile = "optimizer.safetensors", stateFile = "state.json";
const formatVersion = 1;

/**
 * Saves model, optimizer and state as one folder that appears whole or not at
 * all.
 *
 * @param path The folder, replaced.
 * @param model The model.
 * @param optimizer The optimizer.
 * @param state Where the training stands.
 * @throws {TrainingError} If a weight is not finite; the old folder stays.
 * @throws {FileError} If the folder cannot be written; the old one stays.
 */
export async function saveCheckpoint(
  path: string,
  model: Model,
  optimizer: Optimizer,
  state: TrainingState,
): Promise<void> {
  await checkFinite(path, model);
  const slots = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const [name, tensor] of optimizer.state()) {
    slots.set(name, {
      shape: tensor.shape,
      values: await tensor.data() as Float32Array,
    });
  }
  const row: Partial<EpochRow> = state.rows.at(-1) ?? {};
  // Without the time it took, so that the same training gives the same file.
  const { seconds: _, ...metrics } = row;
  const card = { epoch: state.epoch, step: state.step, metrics };
  const pieces = await encodeModel(model, card);
  await replaceFolder(path, async (folder) => {
    await writeFile(join(folder, modelFileName), pieces);
    await writeFile(
      join(folder, optimizerFile),
      serializeSafetensors(slots, {
        optimizer: optimizer.name,
        count: String(state.step),
      }),
    );
    await writeFile(
      join(folder, stateFile),
      JSON.stringify({ formatVersion, ...state }, null, 2) + "\n",
    );
  });
}

async function checkFinite(path: string, model: Model): Promise<void> {
  for (const [name, variable] of model.weights) {
    const values = await variable.data() as Float32Array;
    if (values.every(Number.isFinite)) continue;
    throw new TrainingError(
      cannot("save", "checkpoint", path, {
        found: `weights "${name}" that are not finite`,
        expected: "a training that converges",
        remedy: "lower the learning rate; the last good checkpoint is kept",
      }),
    );
  }
}

/**
 * Loads what {@linkcode saveCheckpoint} saved into a model and an optimizer,
 * so that training continues bit for bit on the same device.
 *
 * @param path The folder.
 * @param model A model of the same plan; its weights are replaced.
 * @param optimizer An optimizer of the same kind; its state is replaced.
 * @returns Where the training stood.
 * @throws {TrainingError} If the folder holds no whole checkpoint of this kind.
 */
export async function loadCheckpoint(
  path: string,
  model: Model,
  optimizer: Optimizer,
): Promise<TrainingState> {
  if (!await recoverFolder(path)) {
    throw new TrainingError(
      cannot("resume", "training", path, {
        found: "no checkpoint",
        expected: `a folder with ${stateFile}`,
      }),
    );
  }
  const modelPath = join(path, modelFileName);
  const { file } = decodeModel(await readFile(modelPath, "model"), modelPath);
  const optimizerPath = join(path, optimizerFile);
  const slots = parseSafetensors(
    await readFile(optimizerPath, "optimizer state"),
    optimizerPath,
  );
  if (slots.metadata.optimizer !== optimizer.name) {
    throw new TrainingError(
      cannot("resume", "training", path, {
        found: `the state of optimizer "${slots.metadata.optimizer}"`,
        expected: `that of "${optimizer.name}"`,
      }),
    );
  }
  const state = parseState(
    await readTextFile(join(path, stateFile), "training state"),
    join(path, stateFile),
  );
  setWeights(model, file, modelPath);
  const tensors = new Map<string, tf.Tensor>();
  for (const [name, view] of slots.tensors) {
    tensors.set(name, tf.tensor(floatValues(view), [...view.shape]));
  }
  optimizer.restore(tensors);
  tf.dispose([...tensors.values()]);
  return state;
}

function parseState(text: string, path: string): TrainingState {
  let parsed: Partial<TrainingState> & { formatVersion?: unknown };
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new TrainingError(
      cannot("resume", "training", path, {
        found: "text that is not JSON",
        expected: "a training state",
      }),
      { cause },
    );
  }
  const { epoch, batch, step, lossSum, seconds, best, rows } = parsed ?? {};
  const counts = [epoch, batch, step].every((value) =>
    Number.isSafeInteger(value) && value! >= 0
  );
  const sums = [lossSum, seconds].every(Number.isFinite);
  if (
    parsed?.formatVersion !== formatVersion || !counts || !sums ||
    !isBest(best) || !Array.isArray(rows) || !rows.every(isRow)
  ) {
    throw new TrainingError(
      cannot("resume", "training", path, {
        found: "a state with other fields",
        expected: `format version ${formatVersion}`,
      }),
    );
  }
  return {
    epoch: epoch!,
    batch: batch!,
    step: step!,
    lossSum: lossSum!,
    seconds: seconds!,
    best,
    rows,
  };
}

function isBest(value: unknown): value is TrainingState["best"] {
  if (value === null) return true;
  const { epoch, f1 } = (value ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(epoch) && Number.isFinite(f1);
}

function isRow(value: unknown): value is EpochRow {
  const row = (value ?? {}) as Record<string, unknown>;
  return rowColumns.every((name) => Number.isFinite(row[name]));
}
