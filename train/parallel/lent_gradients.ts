import type * as tf from "@tensorflow/tfjs-core";
import { lendFloats, type LentFloats } from "@unet/device/lend-floats";
import type { Communicator } from "./communicator.ts";

/**
 * The fewest values of a gradient that is summed on its own; smaller ones are
 * cheaper to copy than a message is.
 */
const leastValues = 2 ** 14;

/** Gradients where the device keeps them, by name. */
export type Lent = ReadonlyMap<string, LentFloats>;

/**
 * Gradients that are summed in the device's memory, in the device's order, so
 * that nothing is copied or arranged; weights keep the order of their gradients.
 * Ranks may do so where all of them have the same order, which depends on the
 * processor and on the number of tiles.
 */
export class LentGradients {
  /** What this rank lent when all ranks lent the same. */
  #agreed = "";

  /** The large gradients that the device lends. */
  lend(gradients: ReadonlyMap<string, tf.Tensor>): Lent {
    return new Map(
      [...gradients].flatMap(([name, gradient]) => {
        if (gradient.size < leastValues) return [];
        const lent = lendFloats(gradient);
        return lent ? [[name, lent] as const] : [];
      }),
    );
  }

  /** Whether all ranks lent the same when this one lent these. */
  isKnown(lent: Lent): boolean {
    return wordsOf(lent) === this.#agreed;
  }

  /**
   * Whether all ranks lend the same now; called by all if these are not known
   * to one.
   */
  async agree(lent: Lent, communicator: Communicator): Promise<boolean> {
    const own = wordsOf(lent), decoder = new TextDecoder();
    const all = await communicator.gather(new TextEncoder().encode(own));
    if (all.some((bytes) => decoder.decode(bytes) !== own)) return false;
    this.#agreed = own;
    return true;
  }
}

function wordsOf(lent: Lent): string {
  return [...lent].map(([name, { values, order }]) =>
    `${name} ${values.length} ${order}`
  ).join("\n");
}
