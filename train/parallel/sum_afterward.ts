import * as tf from "@tensorflow/tfjs-core";
import type { Communicator } from "./communicator.ts";
import { type GradientSum, mostValues } from "./gradient_sum.ts";
import type { Lent } from "./lent_gradients.ts";

/**
 * Sums gradients over all ranks once all of them are known.
 *
 * @param gradients This rank's, by name.
 * @param options Those that are summed in the device's memory, and what sums
 * the others in buckets.
 * @returns The sums by name: the same tensors, changed, or new ones. The caller
 * disposes all.
 */
export async function sumAfterward(
  gradients: ReadonlyMap<string, tf.Tensor>,
  { communicator, lent, sum }: {
    readonly communicator: Communicator;
    readonly lent: Lent;
    readonly sum: GradientSum;
  },
): Promise<Map<string, tf.Tensor>> {
  const copied = [...gradients].filter(([name]) => !lent.has(name));
  const begun = [...lent.values()].flatMap(({ values }) => partsOf(values))
    .map((part) => communicator.sum(part));
  sum.begin(new Map(copied.map(([name, { size }]) => [name, size])));
  for (const [name, gradient] of copied.reverse()) {
    sum.add(name, await gradient.data<"float32">());
  }
  const summed = await sum.finish();
  await Promise.all(begun);
  return new Map(
    [...gradients].map(([name, gradient]) => [
      name,
      lent.has(name) ? gradient : tf.tensor(summed(name), gradient.shape),
    ]),
  );
}

/** Parts as large as buckets, so that one is added while the next is sent. */
function partsOf(
  values: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer>[] {
  return Array.from(
    { length: Math.ceil(values.length / mostValues) },
    (_, i) => values.subarray(i * mostValues, (i + 1) * mostValues),
  );
}
