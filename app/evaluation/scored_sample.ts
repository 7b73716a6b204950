import { type Case, readCase, type Sample, unlabeled } from "@unet/data";
import { UnetError } from "@unet/errors";
import type { EvaluateOptions } from "./evaluate_model.ts";

/** Reads a case; one that cannot be read is reported, and null. */
export async function readOrReport(
  each: Case,
  { choice, masks, onWarning, onFault }: Pick<
    EvaluateOptions,
    "choice" | "masks" | "onWarning" | "onFault"
  >,
): Promise<Sample | null> {
  try {
    return await readCase(each, {
      ...choice,
      ...masks,
      ...(onWarning && { onWarning }),
    });
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    onFault(error);
    return null;
  }
}

/** Whether a pixel of a sample is labeled; one without any is reported. */
export function isLabeled(
  { id, labels }: Sample,
  { onUnlabeled }: Pick<EvaluateOptions, "onUnlabeled">,
): boolean {
  if (labels.data.some((own) => own !== unlabeled)) return true;
  onUnlabeled?.(id);
  return false;
}
