import {
  buildModel,
  completeTrainSettings,
  createLoaders,
  lossOf,
  optimizerOf,
  schedulerOf,
  type TrainSettings,
} from "@unet/app";
import { type CachedCase, createLoader, type DataLoader } from "@unet/data";
import { createModel, type Model } from "@unet/model";
import { createRandom } from "@unet/random";
import {
  bceWithLogits,
  constant,
  type Loss,
  type Optimizer,
  type Scheduler,
  sgd,
} from "@unet/train";
import type { Measurement } from "./measurement.ts";

/** What a training step consists of. */
export interface TrainingRecipe {
  /** The loss function. */
  readonly loss: Loss;
  /** The network, new; the caller disposes it. */
  createModel(): Promise<Model>;
  /** The optimizer, new; the caller disposes it. */
  createOptimizer(): Optimizer;
  /** The learning rates of so many steps. */
  schedulerOf(steps: number): Scheduler;
  /** Augmented batches of cases, each of which may come several times. */
  createLoader(cases: readonly CachedCase[]): DataLoader;
}

/** The recipe that a measurement is of. */
export async function recipeOf(
  measurement: Measurement,
): Promise<TrainingRecipe> {
  return measurement.recipe === "plain"
    ? plainRecipe(measurement)
    : standardRecipe(await standardSettings(measurement));
}

/** What the peers train as well: SGD with momentum on binary cross entropy. */
function plainRecipe({ width, size, batch }: Measurement): TrainingRecipe {
  return {
    loss: bceWithLogits,
    createModel: () => Promise.resolve(createModel({ width }, createRandom(0))),
    createOptimizer: () => sgd({ momentum: 0.9 }),
    schedulerOf: () => constant({ learningRate: 0.01 }),
    createLoader: (cases) =>
      createLoader({
        cases,
        size,
        batchSize: batch,
        seed: 0,
        shuffle: true,
        workers: 1,
        transform: { module: import.meta.resolve("@unet/augment") },
      }),
  };
}

/** What `unet train --recipe standard --boundaries` trains. */
function standardRecipe(settings: TrainSettings): TrainingRecipe {
  return {
    loss: lossOf(settings),
    createModel: async () => (await buildModel(settings, {})).model,
    createOptimizer: () => optimizerOf(settings),
    schedulerOf: (steps) => schedulerOf(settings, steps),
    createLoader(cases) {
      const train = cases.map(({ id }) => id);
      // No loader is empty; that of validation is not used.
      const split = { train, validation: train.slice(0, 1), test: [] };
      const loaders = createLoaders(settings, split, cases);
      loaders.validation.close();
      return loaders.train;
    },
  };
}

/**
 * The settings of `unet train` for a measurement; all that it does not decide
 * has the default that a person gets, and objects have borders.
 */
export async function standardSettings(
  { width, size, batch, name, precision }: Pick<
    Measurement,
    "width" | "size" | "batch" | "name" | "precision"
  >,
): Promise<TrainSettings> {
  return await completeTrainSettings({
    recipe: "standard",
    boundaries: true,
    ...{ width, batch },
    tile: size,
    device: name,
    precision: precision === "mixed" ? "mixed" : "float32",
  });
}
