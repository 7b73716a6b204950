/**
 * How many images are held out to judge a training by.
 *
 * @module
 */
import type { TrainSettings } from "./train_settings.ts";

/** The share of the images that is held out by default. */
export const defaultValidation = 0.2;

/**
 * From this many images on, fine-tuning holds some out where nobody decides.
 * Of fewer, one or two would judge, and be missed in training.
 */
export const enoughToHoldOut = 10;

/**
 * Decides what depends on the number of images: whether some are held out.
 * Without, there is nothing to be patient by, and all epochs are made.
 *
 * @param settings The settings.
 * @param images How many images there are; where roles are given, they decide.
 */
export function suitImages(
  settings: TrainSettings,
  images: number,
): TrainSettings {
  if (settings.validation !== null) return settings;
  return settings.roles === null && images < enoughToHoldOut
    ? { ...settings, validation: 0, patience: null }
    : { ...settings, validation: defaultValidation };
}
