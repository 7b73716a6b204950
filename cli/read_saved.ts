import { readFile } from "@unet/files";
import { decodeModel, findModelFile, type ModelPlan } from "@unet/model";

/** What a saved model tells of itself, without its weights. */
export interface SavedModel {
  /** Which network it is. */
  readonly plan: ModelPlan;
  /** How it was made. */
  readonly card: Readonly<Record<string, unknown>>;
}

/**
 * Reads what a saved model tells of itself.
 *
 * @param path A model file, a model folder or a run folder.
 * @throws {FileError} If it cannot be read.
 * @throws {ModelError} If it is no model.
 */
export async function readSaved(path: string): Promise<SavedModel> {
  const file = await findModelFile(path);
  const { plan, card } = decodeModel(await readFile(file, "model"), file);
  return { plan, card };
}
