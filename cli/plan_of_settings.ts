import { completePlan, type ModelPlan } from "@unet/model";
import type { TrainSettings } from "./parse_settings.ts";

/** The plan that settings ask for, the width known. */
export function planOfSettings(settings: TrainSettings): ModelPlan {
  const { network, width, batchNorm, padding, boundaries } = settings;
  const { dropout, freezeEncoder, freezeBatchNorm } = settings;
  return completePlan({
    network,
    width: width!,
    batchNorm,
    padding,
    dropout,
    freezeEncoder,
    freezeBatchNorm,
    outputs: boundaries ? 2 : 1,
  });
}
