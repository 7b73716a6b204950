import {
  adam,
  adamw,
  constant,
  cosine,
  cosineAnnealingWarmRestarts,
  cyclicLR,
  type Loss,
  lossOfHeads,
  type Optimizer,
  type Scheduler,
  sgd,
} from "@unet/train";
import type { TrainSettings } from "../settings/train_settings.ts";
import { taskOfSettings } from "../settings/task_of_settings.ts";

/** The loss that settings name, of all heads. */
export function lossOf(settings: TrainSettings): Loss {
  return lossOfHeads(taskOfSettings(settings).heads, {
    isSparse: settings.ignore.length > 0,
  });
}

/** The optimizer that settings name. */
export function optimizerOf(settings: TrainSettings): Optimizer {
  const { optimizer, momentum, nesterov, weightDecay } = settings;
  switch (optimizer) {
    case "adam":
      return adam({ weightDecay });
    case "adamw":
      return adamw({ weightDecay });
    case "sgd":
      return sgd({ momentum, nesterov, weightDecay });
  }
}

/**
 * The scheduler that settings name.
 *
 * @param settings The settings; `period` is in epochs.
 * @param stepsPerEpoch Optimizer steps per epoch.
 */
export function schedulerOf(
  settings: TrainSettings,
  stepsPerEpoch: number,
): Scheduler {
  const { scheduler, learningRate, period, epochs, momentum } = settings;
  switch (scheduler) {
    case "warm-restarts":
      return cosineAnnealingWarmRestarts({
        maxLearningRate: learningRate,
        firstPeriod: period ?? 10,
      });
    case "cyclic": {
      const half = Math.max(1, Math.round((period ?? 2) * stepsPerEpoch / 2));
      return cyclicLR({
        maxLearningRate: learningRate,
        stepSizeUp: half,
        stepSizeDown: half,
        cycleMomentum: settings.optimizer === "sgd" && momentum > 0.1,
        maxMomentum: momentum,
        baseMomentum: Math.max(0, momentum - 0.1),
      });
    }
    case "cosine":
      return cosine({
        maxLearningRate: learningRate,
        epochs: period ?? epochs,
      });
    case "constant":
      return constant({ learningRate });
  }
}
