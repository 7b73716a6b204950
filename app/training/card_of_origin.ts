import type { Diameters } from "@unet/data";
import { isDiameters } from "@unet/infer/diameter-settings";

/** What a model keeps of the one that it was trained from. */
export interface CardOfOrigin {
  /** The sizes of objects that it knew. */
  readonly diameters?: Diameters;
  /** Its license, which names the images that it was trained on. */
  readonly license?: string;
}

/**
 * What the card of a training's first weights says that holds for the result,
 * too.
 *
 * @param card The card of the run that continues, or of the model that
 * `weights` names.
 */
export function cardOfOrigin(
  { diameters, license }: Readonly<Record<string, unknown>>,
): CardOfOrigin {
  return {
    ...(isDiameters(diameters) && { diameters }),
    ...(typeof license === "string" && { license }),
  };
}

/**
 * Sizes that a training saw, beside those that its first weights knew: fine-
 * tuning adds sizes and forgets few.
 *
 * @param seen The sizes in the tiles that were trained on.
 * @param known The sizes that the first weights knew.
 * @returns The wider range, with the median of what was seen.
 */
export function joinDiameters(
  seen: Diameters | undefined,
  known: Diameters | undefined,
): Diameters | undefined {
  if (!seen || !known) return seen ?? known;
  return {
    low: Math.min(seen.low, known.low),
    median: seen.median,
    high: Math.max(seen.high, known.high),
  };
}
