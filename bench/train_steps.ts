import type { Model } from "@unet/model";
import { Trainer, type TrainingDevice } from "@unet/train";
import { createTrainingData } from "./bench_data.ts";
import { isEnough, type Measurement } from "./measurement.ts";
import type { TrainingRecipe } from "./training_recipe.ts";

/**
 * Trains with the Trainer, as `unet train` does.
 *
 * @returns Seconds of each step, as the Trainer reports them: loading, step and
 * reading of the loss.
 */
export async function trainSteps(
  measurement: Measurement,
  { recipe, model, device, onStep }: {
    recipe: TrainingRecipe;
    model: Model;
    device: TrainingDevice;
    onStep: (done: number) => void;
  },
): Promise<number[]> {
  await using stack = new AsyncDisposableStack();
  const data = await createTrainingData(measurement, recipe.createLoader);
  stack.defer(() => data.close());
  const times: number[] = [];
  const enough = new AbortController();
  const optimizer = recipe.createOptimizer();
  stack.defer(() => optimizer.dispose());
  const trainer = new Trainer({
    optimizer,
    loss: recipe.loss,
    model,
    trainDataloader: data.loader,
    testDataloader: data.loader,
    epochs: 1,
    device,
    scheduler: recipe.schedulerOf(data.loader.length),
    // Ends the epoch without its validation.
    signal: enough.signal,
    onStep({ seconds }) {
      times.push(seconds);
      onStep(times.length);
      if (isEnough(times, measurement)) enough.abort();
    },
  });
  await trainer.fit();
  return times;
}
