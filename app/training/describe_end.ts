import { count } from "@unet/errors";
import { endOfTraining, type TrainingState } from "@unet/train";
import type { TrainSettings } from "../settings/train_settings.ts";

/**
 * Says why a training ended before its last epoch on its own.
 *
 * @param state Where it stands.
 * @param settings Its settings.
 * @returns The line, or undefined where it made all epochs or was ended.
 */
export function describeEnd(
  state: TrainingState,
  settings: TrainSettings,
): string | undefined {
  const { patience, epochs } = settings, { best, epoch } = state;
  if (endOfTraining(state, settings) !== "patience") return undefined;
  return `Stopped early, after epoch ${epoch} of ${epochs}: no validation F1 ` +
    `above ${best!.f1.toFixed(4)} (${
      best!.epoch === 0 ? "before training" : `epoch ${best!.epoch}`
    }) in ${count(patience!, "epoch")}; more with a larger \`patience\``;
}
