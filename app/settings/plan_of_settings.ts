import { completePlan, type ModelPlan } from "@unet/model/networks";
import { taskOfSettings } from "./task_of_settings.ts";
import type { TrainSettings } from "./train_settings.ts";

/** The plan that settings ask for, the width known. */
export function planOfSettings(settings: TrainSettings): ModelPlan {
  const { network, width, batchNorm, padding } = settings;
  const { dropout, freezeEncoder, freezeBatchNorm } = settings;
  return completePlan({
    network,
    width: width!,
    batchNorm,
    padding,
    dropout,
    freezeEncoder,
    freezeBatchNorm,
    task: taskOfSettings(settings),
  });
}
