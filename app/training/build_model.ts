import { basename, join } from "@std/path";
import type { Device } from "@unet/device";
import { recoverFolder } from "@unet/files";
import {
  buildSaved,
  createModel,
  fitOutputSize,
  type Model,
  readModel,
} from "@unet/model";
import { createRandom } from "@unet/random";
import { planOfSettings } from "../settings/plan_of_settings.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import { type CardOfOrigin, cardOfOrigin } from "./card_of_origin.ts";
import { modelFromWeights, type WeightsEvents } from "./model_from_weights.ts";

/** The stream of random numbers that the first weights come from. */
const weightStream = -1;

/** Fills in width and tile: what the device trains within minutes. */
export function suitDevice(
  settings: TrainSettings,
  device: Device,
): TrainSettings {
  const { width, tile } = device.gflops >= 150
    ? { width: 0.25, tile: 256 }
    : device.gflops >= 8
    ? { width: 0.125, tile: 256 }
    : { width: 0.125, tile: 96 };
  return {
    ...settings,
    width: settings.width ?? width,
    tile: settings.tile ?? fitOutputSize(settings, tile),
  };
}

/** A network, and what its card keeps of the weights that it starts from. */
export interface BuiltModel {
  readonly model: Model;
  /** The name of the weights; null where they are random. */
  readonly startsFrom: string | null;
  /** What holds of their card. */
  readonly origin: CardOfOrigin;
}

/**
 * The network: of the run that continues, of given weights, or a new one.
 *
 * @param settings The settings, suited to the device.
 * @param events Which weights it starts from, and how their download goes.
 * @returns The network, and for its card what it starts from.
 */
export async function buildModel(
  settings: TrainSettings,
  events: Partial<WeightsEvents>,
): Promise<BuiltModel> {
  const { dropout, freezeEncoder, freezeBatchNorm } = settings;
  const { out, resume, weights, seed } = settings;
  const startsFrom = weights === null ? null : basename(weights);
  const last = join(out, "last");
  if (resume && await recoverFolder(last)) {
    const changes = { dropout, freezeEncoder, freezeBatchNorm };
    const saved = await readModel(last), origin = cardOfOrigin(saved);
    return { model: buildSaved(saved, changes), startsFrom, origin };
  }
  const random = createRandom(seed, weightStream);
  if (weights !== null) {
    return {
      ...await modelFromWeights(settings, random, events),
      startsFrom,
    };
  }
  const model = createModel(planOfSettings(settings), random);
  return { model, startsFrom, origin: {} };
}
