import { classLossNames } from "@unet/train";
import type { Distribution, Space } from "@unet/tune";
import type { TrainSettings } from "../settings/train_settings.ts";

const choices = (...choices: readonly (number | string)[]): Distribution => ({
  kind: "categorical",
  choices,
});

/**
 * What the report chose by a study: the scheduler and its largest learning
 * rate, batch size, loss of objects, batch norm, and how strongly images are
 * augmented.
 */
export const defaultSpace: Space = {
  scheduler: choices("cyclic", "warm-restarts"),
  lr: { kind: "float", low: 0.01, high: 1, log: true, step: null },
  batch: choices(8, 16, 32),
  loss: choices("bce", "dice", "bce+dice"),
  "batch-norm": choices("on", "off"),
  "augment-strength": {
    kind: "float",
    low: 0,
    high: 2,
    log: false,
    step: null,
  },
};

/**
 * The report's choices for a training: of the losses, those of its task.
 *
 * @param settings The settings that all trials share.
 */
export function defaultSpaceOf(
  { classes }: Pick<TrainSettings, "classes">,
): Space {
  return classes === null
    ? defaultSpace
    : { ...defaultSpace, loss: choices(...classLossNames) };
}
