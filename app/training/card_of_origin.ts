import type { Diameters } from "@unet/data";
import type { SavedModel } from "@unet/model";
import { type CardSettings, cardSettings } from "../models/card_settings.ts";

/** What a model keeps of the one that it was trained from. */
export interface CardOfOrigin extends
  Partial<
    Pick<CardSettings, "diameters" | "diameter" | "threshold" | "instances">
  > {
  /** Its license, which names the images that it was trained on. */
  readonly license?: string;
}

/**
 * What the card of a training's first weights says that holds for the result,
 * too: the sizes that it knows, its license, and how objects are made of its
 * probabilities.
 *
 * @param saved The run that continues, or the model that `weights` names.
 * @throws {ModelError} If its card holds what cannot be.
 */
export function cardOfOrigin(saved: SavedModel): CardOfOrigin {
  const { diameters, diameter, threshold, instances } = cardSettings(saved);
  const { license } = saved.card;
  return {
    ...(diameters && { diameters }),
    ...(diameter !== undefined && { diameter }),
    ...(threshold !== undefined && { threshold }),
    ...(Object.keys(instances).length > 0 && { instances }),
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
