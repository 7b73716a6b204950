import { cannot, UsageError } from "@unet/errors";
import { type Model, networkNames } from "@unet/model";
import { hasBorders, instanceHeadsOf } from "@unet/task";
import type { TrainSettings } from "../settings/train_settings.ts";

/**
 * The settings with what a model that was saved brings along.
 *
 * @throws {UsageError} If they weigh borders and the model predicts none.
 */
export function settingsOfModel(
  settings: TrainSettings,
  { plan: { network, width, batchNorm, padding, task } }: Model,
): TrainSettings {
  const boundaries = hasBorders(task);
  // A run names its network; one of a program's own has the Trainer alone.
  const name = networkNames.find((each) => each === network);
  if (name === undefined) throw new TypeError("A run has a network by name");
  if (settings.boundaryWeight !== null && !boundaries) {
    throw new UsageError(
      cannot("use", "setting", "boundaryWeight", {
        found: "a network that predicts no borders",
        expected: "`boundaries` too",
      }),
    );
  }
  return {
    ...{ ...settings, network: name, width, batchNorm, padding, boundaries },
    instanceHeads: instanceHeadsOf(task),
  };
}
