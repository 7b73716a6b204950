import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "@unet/model";
import type { Communicator } from "./communicator.ts";

/**
 * Gives the model of every rank the weights of rank 0. Ranks that began alike
 * and run the same code on like processors have them already; where processors
 * differ, last bits drift apart.
 */
export async function broadcastWeights(
  model: Model,
  communicator: Communicator,
): Promise<void> {
  if (communicator.size === 1) return;
  const variables = [...model.weights.values()];
  const all = new Float32Array(
    variables.reduce((sum, { size }) => sum + size, 0),
  );
  let start = 0;
  for (const variable of variables) {
    all.set(await variable.data<"float32">(), start);
    start += variable.size;
  }
  await communicator.broadcast(all);
  if (communicator.rank === 0) return;
  start = 0;
  for (const variable of variables) {
    assignValues(variable, all.slice(start, start += variable.size));
  }
}

/** Gives a variable other values. */
export function assignValues(
  variable: tf.Variable,
  values: Float32Array,
): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}
