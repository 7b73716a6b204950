import { basename } from "@std/path";
import { cacheFolder, readFile } from "@unet/files";
import {
  createPretrained,
  downloadImagenetWeights,
  findModelFile,
  loadModel,
  type Model,
  parseWeights,
  type WeightMapping,
} from "@unet/model";
import type { Random } from "@unet/random";
import { imagenetName } from "./find_weights.ts";
import type { TrainSettings } from "./parse_settings.ts";
import { planOfSettings } from "./plan_of_settings.ts";
import { isOffline } from "./provide_device.ts";

/** Whoever is told how a network gets its first weights. */
export interface WeightsListener {
  /** The network started from a file's weights; says which and what not. */
  onWeights(lines: readonly string[]): void;
  /** Published weights are being downloaded. */
  onDownload(done: number, all: number | null): void;
  /** Whether nothing may be downloaded. */
  readonly isOffline: boolean;
  /** Ends a download. */
  readonly signal: AbortSignal;
}

/**
 * Builds the network that settings start from given weights: a model of this
 * program as it is, or a new network with what a file of weights has for it.
 *
 * @param settings The settings; they name weights.
 * @param random The source of the weights that a file lacks.
 * @param listener Told what was taken, and of a download.
 */
export async function modelFromWeights(
  settings: TrainSettings,
  random: Random,
  listener: WeightsListener,
): Promise<Model> {
  const { weights, weightsPartial: partial, weightsInput: input } = settings;
  const { dropout, freezeEncoder, freezeBatchNorm, encoder } = settings;
  const path = weights === imagenetName
    ? await downloadImagenetWeights(encoder as "vgg16" | "vgg16_bn", {
      folder: cacheFolder("weights"),
      onProgress: listener.onDownload,
      signal: listener.signal,
      offline: listener.isOffline || isOffline(),
    })
    : await findModelFile(weights!);
  const file = parseWeights(await readFile(path, "weights"), path);
  if (file.metadata.format === "unet" && !partial) {
    return await loadModel(path, { dropout, freezeEncoder, freezeBatchNorm });
  }
  const { model, mapping } = createPretrained(
    planOfSettings(settings),
    file,
    path,
    random,
    { partial, input },
  );
  listener.onWeights(describeMapping(basename(path), mapping));
  return model;
}

function describeMapping(
  name: string,
  { taken, left, ignored }: WeightMapping,
): string[] {
  const lines = [`Weights: ${taken.size} tensors of ${name}`];
  if (ignored.length > 0) {
    lines.push(`Not used: ${layersOf(ignored).join(", ")}`);
  }
  if (left.length > 0) {
    lines.push(`Starting at random: ${layersOf(left).join(", ")}`);
  }
  return lines;
}

/** Tensors' layers, each once. */
function layersOf(tensors: readonly string[]): string[] {
  return [
    ...new Set(tensors.map((name) => name.slice(0, name.lastIndexOf(".")))),
  ];
}
