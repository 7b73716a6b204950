import type { Model } from "@unet/model";
import { createRandom } from "@unet/random";
import { lossOfHeads, sgd, trainStep } from "@unet/train";

/** Height and width of the images of a batch, and how many they are. */
export const size = 64, count = 2;

const random = createRandom(3);
/** A batch of noise and stripes. */
export const batch = {
  shape: [count, size, size] as const,
  x: Float32Array.from({ length: count * size * size * 3 }, random.next),
  targets: {
    object: Float32Array.from(
      { length: count * size * size },
      (_, i) => (i >> 3) % 3 === 0 ? 1 : 0,
    ),
    border: Float32Array.from(
      { length: count * size * size },
      (_, i) => i % 8 === 0 ? 1 : 0,
    ),
  },
  ids: [],
};

/** Takes a step of training on the batch, with the losses of the model's task. */
export function step(model: Model, optimizer = sgd()): Promise<number> {
  return trainStep(batch, {
    model,
    loss: lossOfHeads(model.task.heads),
    optimizer,
    rate: { learningRate: 0.05 },
    random: createRandom(0),
  });
}
