import * as tf from "@tensorflow/tfjs-core";
import { join } from "@std/path";
import { cannot, FileError, ModelError } from "@unet/errors";
import { readFile } from "@unet/files";
import { createRandom } from "@unet/random";
import { completePlan, type ModelPlan } from "./plan.ts";
import {
  type FloatTensor,
  floatValues,
  parseSafetensors,
  type SafetensorsFile,
  serializeSafetensors,
} from "./safetensors.ts";
import { fromTorchLayout, toTorchLayout } from "./torch_layout.ts";
import { createModel, type Model } from "./unet.ts";

/** The version of the file's layout; a reader refuses what it does not know. */
const formatVersion = "1";

/** The file's name inside a model folder. */
export const modelFileName = "model.safetensors";

/**
 * Serializes a model: its weights in PyTorch's names and order, its plan in
 * the header, so that the file alone suffices to run it.
 *
 * @param model The model.
 * @param card What else to tell about it, as JSON values by name.
 * @returns The file's bytes in pieces, in order.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, decodeModel, encodeModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const pieces = await encodeModel(model);
 * const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
 * assertEquals(decodeModel(bytes, "example").plan, model.plan);
 * ```
 */
export async function encodeModel(
  model: Model,
  card: Readonly<Record<string, unknown>> = {},
): Promise<Uint8Array<ArrayBuffer>[]> {
  const tensors = new Map<string, FloatTensor>();
  for (const [name, variable] of model.weights) {
    const values = await variable.data() as Float32Array;
    tensors.set(name, toTorchLayout({ shape: variable.shape, values }));
  }
  return serializeSafetensors(tensors, {
    format: "unet",
    formatVersion,
    plan: JSON.stringify(model.plan),
    card: JSON.stringify(card),
  });
}

/** A model file's content. */
export interface ModelFile {
  /** Which network it is. */
  readonly plan: ModelPlan;
  /** What else its maker told about it. */
  readonly card: Readonly<Record<string, unknown>>;
  /** The weights and the header. */
  readonly file: SafetensorsFile;
}

/**
 * Reads a model file's bytes.
 *
 * @param bytes The file.
 * @param name What to call it in a message.
 * @returns Its plan and its weights, not yet on any device.
 * @throws {ModelError} If the file is damaged or no model of this program.
 */
export function decodeModel(bytes: Uint8Array, name: string): ModelFile {
  const file = parseSafetensors(bytes, name);
  const { format, formatVersion: version, plan, card } = file.metadata;
  if (format !== "unet" || plan === undefined) {
    throw new ModelError(
      cannot("load", "model", name, {
        found: "weights without a plan of the network",
        expected: "a model that this program saved",
      }),
    );
  }
  if (version !== formatVersion) {
    throw new ModelError(
      cannot("load", "model", name, {
        found: `format version ${version}`,
        expected: formatVersion,
        remedy: "use the version of this program that saved it, or a newer one",
      }),
    );
  }
  try {
    return {
      plan: completePlan(JSON.parse(plan)),
      card: JSON.parse(card ?? "{}"),
      file,
    };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(
      cannot("load", "model", name, {
        found: `a plan that does not hold (${found})`,
        expected: "a plan that this program wrote",
      }),
      { cause },
    );
  }
}

/**
 * Gives a model the weights of a file.
 *
 * @param model The model, changed in place; untouched if the file does not fit.
 * @param file The file, with PyTorch's names and order.
 * @param name What to call the file in a message.
 * @throws {ModelError} Naming every missing, surplus and misshapen tensor.
 */
export function setWeights(
  model: Model,
  file: SafetensorsFile,
  name: string,
): void {
  const faults: string[] = [];
  const values = new Map<string, FloatTensor>();
  for (const [tensor, variable] of model.weights) {
    const view = file.tensors.get(tensor);
    const expected = torchShape(variable.shape);
    if (view === undefined) {
      faults.push(`${tensor}: missing, expected [${expected}]`);
    } else if (`${view.shape}` !== `${expected}` || view.dtype === "I64") {
      faults.push(
        `${tensor}: found ${view.dtype} [${view.shape}], expected [${expected}]`,
      );
    } else {
      values.set(
        tensor,
        fromTorchLayout({ shape: view.shape, values: floatValues(view) }),
      );
    }
  }
  for (const [tensor, { shape }] of file.tensors) {
    if (!model.weights.has(tensor)) {
      faults.push(`${tensor}: found [${shape}], expected no such tensor`);
    }
  }
  if (faults.length > 0) {
    throw new ModelError(
      cannot("load", "weights", name, {
        found: `${faults.length} tensors that do not fit the model:\n  ` +
          faults.join("\n  "),
      }),
    );
  }
  tf.tidy(() => {
    for (const [tensor, { shape, values: data }] of values) {
      model.weights.get(tensor)!.assign(tf.tensor(data, [...shape]));
    }
  });
}

function torchShape(shape: readonly number[]): readonly number[] {
  return shape.length === 4
    ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!]
    : shape;
}

/**
 * Loads a model onto tfjs' current backend.
 *
 * @param path A model file, a folder that holds `model.safetensors`, or a run
 * folder, whose best model is taken, or else its last.
 * @param overrides Settings of the plan to change, such as `freezeEncoder`.
 * @returns The model; the caller disposes it.
 * @throws {FileError} If there is no such file.
 * @throws {ModelError} If the file is damaged or does not fit its plan.
 */
export async function loadModel(
  path: string,
  overrides: Partial<ModelPlan> = {},
): Promise<Model> {
  const file = await findModelFile(path);
  const { plan, file: weights } = decodeModel(
    await readFile(file, "model"),
    file,
  );
  const model = createModel({ ...plan, ...overrides }, createRandom(0));
  try {
    setWeights(model, weights, file);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Finds the model file that a path means.
 *
 * @param path A model file, a model folder or a run folder.
 * @returns The file.
 * @throws {FileError} If there is none.
 */
export async function findModelFile(path: string): Promise<string> {
  const info = await stat(path);
  if (info?.isFile) return path;
  const candidates = ["", "best", "last", "last.old"].map((folder) =>
    join(path, folder, modelFileName)
  );
  for (const candidate of candidates) {
    if ((await stat(candidate))?.isFile) return candidate;
  }
  throw new FileError(
    cannot("load", "model", path, {
      found: info === null ? "no such file or folder" : "no model in it",
      expected: `a run folder, a model folder or a ${modelFileName}`,
    }),
  );
}

async function stat(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory
    ) return null;
    throw cause;
  }
}
