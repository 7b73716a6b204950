import type { TrainSettings } from "./parse_settings.ts";

/**
 * Words what a person should know whose network finds nothing at all.
 *
 * Without batch norm, or with random weights, too large a learning rate drives
 * the last layers below zero, where ReLU lets no gradient pass: the loss is
 * finite and settles at what answering "background" costs, and stays there.
 *
 * @param epochs How many epochs in a row no pixel of an object was found.
 * @param settings The settings of the training.
 * @returns The line.
 */
export function describeCollapse(
  epochs: number,
  { learningRate, batchNorm }: TrainSettings,
): string {
  const since = epochs === 1 ? "epoch" : `${epochs} epochs`;
  const remedies = [`--lr ${Number((learningRate / 10).toPrecision(2))}`];
  if (!batchNorm) remedies.push("--batch-norm on");
  return `Note: for the last ${since} no pixel of an object was found (F1 0): ` +
    "the network answers background everywhere, as after steps that are too " +
    `large. It seldom recovers; try ${remedies.join(" or ")}`;
}
