import { refuseForeign } from "./_refuse_foreign.ts";
import { readModelFile } from "./find_model_file.ts";
import type { Model } from "./model.ts";
import { buildSaved, decodeModel, type ModelFile } from "./model_file.ts";
import type { CustomNetworks } from "./networks/custom_network.ts";
import type { ModelPlan } from "./plan.ts";

/** A model file that was read. */
export interface SavedModel extends ModelFile {
  /** The file. */
  readonly path: string;
  /** All of it. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a model's file, once for all that is wanted of it.
 *
 * @param path A model file, a folder that holds `model.safetensors`, or a run
 * folder, whose best model is taken, or else its last.
 * @param options Networks of your own that the file may name.
 * @returns What it holds, not yet on any device.
 * @throws {FileError} If there is no such file, or it cannot be read.
 * @throws {ModelError} If the file is damaged or no model of this program, or
 * its network is neither the program's nor among those given.
 */
export async function readModel(
  path: string,
  options: CustomNetworks = {},
): Promise<SavedModel> {
  const file = await readModelFile(path, { inspect: refuseForeign });
  return { ...file, ...decodeModel(file.bytes, file.path, options) };
}

/**
 * Loads a model onto tfjs' current backend.
 *
 * @param path A model file, a folder that holds `model.safetensors`, or a run
 * folder, whose best model is taken, or else its last.
 * @param overrides Settings of the plan to change, such as `freezeEncoder`.
 * @param options Networks of your own that the file may name.
 * @returns The model; the caller disposes it.
 * @throws {FileError} If there is no such file, or it cannot be read.
 * @throws {ModelError} If the file is damaged or does not fit its plan, or its
 * network is neither the program's nor among those given.
 * @throws {RangeError} If an override is outside its range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, encodeModel, loadModel } from "@unet/model";
 * import { writeFile } from "@unet/files";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const run = await Deno.makeTempDir();
 * await writeFile(`${run}/best/model.safetensors`, await encodeModel(model));
 * const loaded = await loadModel(run, { freezeEncoder: true });
 * assertEquals(loaded.plan, { ...model.plan, freezeEncoder: true });
 * model.dispose();
 * loaded.dispose();
 * await Deno.remove(run, { recursive: true });
 * ```
 */
export async function loadModel(
  path: string,
  overrides: Partial<ModelPlan> = {},
  options: CustomNetworks = {},
): Promise<Model> {
  return buildSaved(await readModel(path, options), overrides);
}
