import type { Model } from "@unet/model";
import { createRandom } from "@unet/random";
import {
  bceDiceLoss,
  bceWithLogits,
  sgd,
  trainStep,
  withBorders,
} from "@unet/train";

/** Height and width of the images of a batch, and how many they are. */
export const size = 64, count = 2;

const random = createRandom(3);
/** A batch of noise and stripes. */
export const batch = {
  shape: [count, size, size] as const,
  x: Float32Array.from({ length: count * size * size * 3 }, random.next),
  y: Float32Array.from(
    { length: count * size * size },
    (_, i) => (i >> 3) % 3 === 0 ? 1 : 0,
  ),
  ids: [],
};
const borders = batch.y.map((_, i) => i % 8 === 0 ? 1 : 0);

/** Takes a step of training on the batch, with borders where the model has them. */
export function step(model: Model, optimizer = sgd()): Promise<number> {
  const hasBorders = model.outputs === 2;
  return trainStep(hasBorders ? { ...batch, borders } : batch, {
    model,
    loss: hasBorders ? withBorders(bceDiceLoss()) : bceWithLogits,
    optimizer,
    rate: { learningRate: 0.05 },
    random: createRandom(0),
  });
}
