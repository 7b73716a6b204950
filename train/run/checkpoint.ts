import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs-core";
import { brief, cannot, TrainingError } from "@unet/errors";
import { readFile, readFolder, replaceFolder, writeFile } from "@unet/files";
import {
  decodeModel,
  encodeModel,
  floatValues,
  type Model,
  modelFileName,
  type ModelPlan,
  parseSafetensors,
  type SafetensorsFile,
  serializeSafetensors,
  setWeights,
} from "@unet/model";
import { fillLosses } from "@unet/task";
import { cannotResume } from "./cannot_resume.ts";
import { formatState, readState, stateFile } from "./state_file.ts";
import type { EpochRow } from "./epoch_row.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { TrainingState } from "./training_state.ts";

const optimizerFile = "optimizer.safetensors";

/**
 * Saves model, optimizer and state as one folder that appears whole or not at
 * all: `model.safetensors`, `optimizer.safetensors`, `state.json`.
 *
 * @param path The folder, replaced.
 * @param trained The model and its optimizer.
 * @param state Where the training stands.
 * @param card What else the model's card says, JSON values by name; the
 * same training should give the same.
 * @throws {TrainingError} If a weight is not finite; the old folder stays.
 * @throws {FileError} If the folder cannot be written; the old one stays.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import {
 *   initialState,
 *   loadCheckpoint,
 *   saveCheckpoint,
 *   sgd,
 * } from "@unet/train";
 *
 * const folder = await Deno.makeTempDir();
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const optimizer = sgd();
 * await saveCheckpoint(`${folder}/last`, { model, optimizer }, initialState);
 *
 * const another = createModel({ width: 0.05 }, createRandom(1));
 * const state = await loadCheckpoint(`${folder}/last`, another, sgd());
 * assertEquals(state, initialState);
 * assertEquals(
 *   another.weights.get("head.weight")?.dataSync(),
 *   model.weights.get("head.weight")?.dataSync(),
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function saveCheckpoint(
  path: string,
  { model, optimizer }: {
    readonly model: Model;
    readonly optimizer: Optimizer;
  },
  state: TrainingState,
  card: Readonly<Record<string, unknown>> = {},
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
  const { epoch, step } = state;
  const pieces = await encodeModel(model, { ...card, epoch, step, metrics });
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
      formatState(state),
    );
  });
}

async function checkFinite(path: string, model: Model): Promise<void> {
  for (const [name, variable] of model.weights) {
    const values = await variable.data() as Float32Array;
    if (values.every(Number.isFinite)) continue;
    throw new TrainingError(
      cannot("save", "checkpoint", path, {
        found: `non-finite weights "${name}"`,
        expected: "a training that converges",
        remedy: "lower the learning rate; the last good checkpoint is kept",
      }),
    );
  }
}

/**
 * Loads what {@linkcode saveCheckpoint} saved into a model and an optimizer,
 * so that training continues bit for bit on the same device. All three files
 * are read and compared first: where one is at fault, model and optimizer stay
 * as they are.
 *
 * Nothing on the disk is changed: where a process was killed in the middle of
 * saving, the whole checkpoint is read, old or new, and where one is saving
 * just now, the files are all of one checkpoint.
 *
 * @param path The folder.
 * @param model A model of the same plan; its weights are replaced. Dropout and
 * what is frozen may differ, for they are none of the weights'.
 * @param optimizer An optimizer of the same kind; its state is replaced.
 * @returns Where the training stood.
 * @throws {TrainingError} If there is no checkpoint, or it is of another plan
 * or optimizer, or its files do not belong together.
 * @throws {ModelError} If the model or the optimizer's file is damaged.
 * @throws {FileError} If a file is missing or cannot be read.
 */
export async function loadCheckpoint(
  path: string,
  model: Model,
  optimizer: Optimizer,
): Promise<TrainingState> {
  const read = await readFolder(
    path,
    (folder) => readCheckpoint(folder, model, optimizer),
  );
  if (read === null) {
    throw cannotResume(path, "no checkpoint", `a folder with ${stateFile}`);
  }
  const { modelPath, saved, slots, state } = read;
  restore(optimizer, slots, () => setWeights(model, saved, modelPath));
  return state;
}

/** A checkpoint's files, of which nothing is taken yet. */
interface ReadCheckpoint {
  readonly modelPath: string;
  readonly saved: SafetensorsFile;
  readonly slots: SafetensorsFile;
  readonly state: TrainingState;
}

/** Reads and compares the three files of a folder. */
async function readCheckpoint(
  path: string,
  model: Model,
  optimizer: Optimizer,
): Promise<ReadCheckpoint> {
  const modelPath = join(path, modelFileName);
  const saved = decodeModel(await readFile(modelPath, "model"), modelPath);
  checkPlan(saved.plan, model.plan, modelPath);
  const optimizerPath = join(path, optimizerFile);
  const slots = parseSafetensors(
    await readFile(optimizerPath, "optimizer state"),
    optimizerPath,
  );
  checkSlots(slots, optimizer, model, optimizerPath);
  const state = await readState(path);
  for (
    const [file, step] of [
      [modelPath, saved.card.step],
      [optimizerPath, Number(slots.metadata.count)],
    ] as const
  ) {
    if (step === state.step) continue;
    throw cannotResume(file, `step ${step}`, `${state.step}, as ${stateFile}`);
  }
  return { modelPath, saved: saved.file, slots, state };
}

/**
 * Restores the optimizer, then the model, which leaves itself alone if the
 * weights do not fit; the optimizer is put back then.
 */
function restore(
  optimizer: Optimizer,
  slots: SafetensorsFile,
  restoreModel: () => void,
): void {
  const before = copyEach(optimizer.state(), (tensor) => tf.clone(tensor));
  const after = copyEach(
    slots.tensors,
    (view) => tf.tensor(floatValues(view), [...view.shape]),
  );
  try {
    optimizer.restore(after);
    restoreModel();
  } catch (cause) {
    optimizer.restore(before);
    throw cause;
  } finally {
    tf.dispose([...before.values(), ...after.values()]);
  }
}

function copyEach<T>(
  slots: ReadonlyMap<string, T>,
  copy: (slot: T) => tf.Tensor,
): Map<string, tf.Tensor> {
  return new Map([...slots].map(([name, slot]) => [name, copy(slot)]));
}

function checkPlan(found: ModelPlan, expected: ModelPlan, path: string): void {
  const task = fillLosses(found.task, expected.task);
  const saved = weightSettings({ ...found, task });
  for (const [name, setting] of Object.entries(weightSettings(expected))) {
    const text = JSON.stringify(saved[name]), wanted = JSON.stringify(setting);
    if (text === wanted) continue;
    throw cannotResume(path, `a model with ${name} ${text}`, wanted);
  }
}

/** The settings of a plan that its weights are trained for. */
function weightSettings(
  {
    dropout: _,
    freezeEncoder: __,
    freezeBatchNorm: ___,
    normalization,
    ...rest
  }: ModelPlan,
): Record<string, unknown> {
  const { mean, deviation } = normalization;
  return { ...rest, mean, deviation };
}

function checkSlots(
  { metadata, tensors }: SafetensorsFile,
  optimizer: Optimizer,
  model: Model,
  path: string,
): void {
  if (metadata.optimizer !== optimizer.name) {
    throw cannotResume(
      path,
      `the state of optimizer ${brief(metadata.optimizer)}`,
      `that of "${optimizer.name}"`,
    );
  }
  for (const [name, { dtype, shape }] of tensors) {
    const weight = model.weights.get(name.slice(name.indexOf("/") + 1));
    const isFit = weight && dtype === "F32" &&
      (shape.length === 0 || `${shape}` === `${weight.shape}`);
    if (isFit) continue;
    throw cannotResume(
      path,
      `tensor ${brief(name)}, ${dtype} ${brief(shape)}`,
      weight ? `F32 [${weight.shape}]` : "those of the model's weights alone",
    );
  }
}
