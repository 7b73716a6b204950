/**
 * When a training is over. Runs in a browser.
 *
 * @module
 */
import type { TrainingState } from "./run/training_state.ts";

/** How long a training may last. */
export interface TrainingLength {
  /** The most epochs. */
  readonly epochs: number;
  /**
   * Epochs without a higher validation F1 after which it ends early (early
   * stopping); null for none.
   */
  readonly patience?: number | null;
}

/**
 * Why a training is over: it has made all its epochs, or its best validation F1
 * lies `patience` epochs back, as in Keras' `EarlyStopping` with
 * `min_delta` 0. A function of the state alone, so that a resumed training ends
 * where an uninterrupted one does.
 *
 * @param state Where it stands.
 * @param length How long it may last.
 * @returns The reason, or null before the end; within an epoch it is never over
 * for patience.
 *
 * @example
 * ```ts
 * import { endOfTraining, initialState } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const state = { ...initialState, epoch: 9, best: { epoch: 6, f1: 0.9 } };
 * assertEquals(endOfTraining(state, { epochs: 30, patience: 3 }), "patience");
 * assertEquals(endOfTraining(state, { epochs: 30, patience: 4 }), null);
 * assertEquals(endOfTraining(state, { epochs: 9 }), "epochs");
 * ```
 */
export function endOfTraining(
  { epoch, batch, best }: TrainingState,
  { epochs, patience = null }: TrainingLength,
): "epochs" | "patience" | null {
  if (epoch >= epochs) return "epochs";
  const isOver = patience !== null && batch === 0 && best !== null &&
    epoch - best.epoch >= patience;
  return isOver ? "patience" : null;
}
