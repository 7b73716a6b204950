import { join } from "@std/path";
import type { KeptPrediction } from "@unet/app/kept-prediction";
import { saveObjects } from "@unet/app/save-objects";
import { infoOf } from "@unet/files";

/** Where the objects of a comparison lie, in the folder of a prediction. */
export function labelsIn(folder: string): string {
  return join(folder, "objects.tif");
}

/**
 * Predicts an image by one of the models that are compared, unless that is kept
 * already, and finds its objects.
 *
 * @param folder Where its prediction is kept.
 * @param predict Predicts the image.
 * @param signal Ends the work.
 */
export async function predictCompared(
  folder: string,
  predict: () => Promise<KeptPrediction>,
  signal: AbortSignal,
): Promise<void> {
  const labels = labelsIn(folder);
  if (await infoOf(labels)) return;
  const kept = await predict();
  await saveObjects(kept, labels, { settings: kept.info.settings, signal });
}
