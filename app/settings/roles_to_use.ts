import type { TrainSettings } from "./train_settings.ts";

/** The roles that are used unless others are named. */
export const usualRoles = {
  train: "train",
  validation: "validation",
} as const;

/**
 * The roles of the images that settings train and validate on; of those to
 * validate on null where none is held out.
 */
export function rolesToUse(
  { trainRole, validationRole, validation }: Pick<
    TrainSettings,
    "trainRole" | "validationRole" | "validation"
  >,
): { readonly train: string; readonly validation: string | null } {
  return {
    train: trainRole ?? usualRoles.train,
    validation: validation === 0 ? null : validationRole ??
      usualRoles.validation,
  };
}
