import {
  adam,
  adamw,
  constant,
  cosine,
  cosineAnnealingWarmRestarts,
  cyclicLR,
  type Optimizer,
  type Scheduler,
  sgd,
} from "@unet/train";
import type { TrainSettings } from "./train_settings.ts";

/** The optimizer that settings name. */
export function optimizerOf(settings: TrainSettings): Optimizer {
  const { optimizer, momentum, nesterov, weightDecay } = settings;
  switch (optimizer) {
    case "adam":
      return adam({ weightDecay });
    case "adamw":
      return adamw({ weightDecay });
    default:
      return sgd({ momentum, nesterov, weightDecay });
  }
}
