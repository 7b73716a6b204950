import { loadFolder, model, models, selected } from "../../page/parts.ts";
import { send } from "./api.ts";

/** What became of files that a person gave. */
interface Taken {
  /** The paths of images. */
  readonly images: readonly string[];
  /** The names of models. */
  readonly models: readonly string[];
  /** Why others were not taken. */
  readonly faults: readonly string[];
}

/**
 * Takes files that a person gave: images are segmented at once, models can be
 * chosen.
 *
 * @throws {Error} If some are not taken; the others are.
 */
export async function takeFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const taken = await send<Taken>("/api/give", files);
  if (taken.models.length > 0) {
    models.value = [...new Set([...models.value, ...taken.models])];
    model.value = taken.models.at(-1)!;
  }
  if (taken.images.length > 0) {
    await loadFolder();
    selected.value = taken.images[0]!;
    await send("/api/segment", { names: taken.images, model: model.value });
  }
  if (taken.faults.length > 0) throw new Error(taken.faults.join("\n"));
}
