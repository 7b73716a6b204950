import type { Model } from "@unet/model";
import {
  bceWithLogits,
  constant,
  sgd,
  Trainer,
  type TrainingDevice,
} from "@unet/train";
import type { BenchData } from "./bench_data.ts";
import { isEnough, type Measurement } from "./measurement.ts";

/**
 * Trains with the Trainer, as `unet train` does: momentum SGD on binary cross
 * entropy.
 *
 * @returns Seconds of each step, as the Trainer tells them: loading, step and
 * reading of the loss.
 */
export async function trainSteps(
  measurement: Measurement,
  { model, device, data, onStep }: {
    model: Model;
    device: TrainingDevice;
    data: BenchData;
    onStep: (done: number) => void;
  },
): Promise<number[]> {
  const times: number[] = [];
  const enough = new AbortController();
  const optimizer = sgd({ momentum: 0.9 });
  const trainer = new Trainer({
    optimizer,
    loss: bceWithLogits,
    model,
    trainDataloader: data.loader,
    testDataloader: data.loader,
    epochs: 1,
    device,
    scheduler: constant({ learningRate: 0.01 }),
    // Ends the epoch without its validation.
    signal: enough.signal,
    onStep({ seconds }) {
      times.push(seconds);
      onStep(times.length);
      if (isEnough(times, measurement)) enough.abort();
    },
  });
  try {
    await trainer.fit();
  } finally {
    optimizer.dispose();
  }
  return times;
}
