import type { TrainSettings } from "./train_settings.ts";

/** The roles that are used unless others are named. */
export const usualRoles = {
  train: "train",
  validation: "validation",
} as const;

/** The roles of the images that settings train and validate on. */
export function rolesToUse(
  { trainRole, validationRole }: Pick<
    TrainSettings,
    "trainRole" | "validationRole"
  >,
): { readonly train: string; readonly validation: string } {
  return {
    train: trainRole ?? usualRoles.train,
    validation: validationRole ?? usualRoles.validation,
  };
}
