import type { EpochRow } from "./epoch_row.ts";

/** Where a training stands between two steps. */
export interface TrainingState {
  /** Epochs finished. */
  readonly epoch: number;
  /** Batches done of the epoch that is under way. */
  readonly batch: number;
  /** Optimizer steps done in all. */
  readonly step: number;
  /** Sum of the losses of the batches done of this epoch. */
  readonly lossSum: number;
  /** Seconds spent on this epoch so far. */
  readonly seconds: number;
  /**
   * The best epoch so far and its validation F1; 0 where no epoch was better
   * than the model before training.
   */
  readonly best: { readonly epoch: number; readonly f1: number } | null;
  /** What each finished epoch measured, after epoch 0 if that was scored. */
  readonly rows: readonly EpochRow[];
}

/** The state before the first step. */
export const initialState: TrainingState = {
  epoch: 0,
  batch: 0,
  step: 0,
  lossSum: 0,
  seconds: 0,
  best: null,
  rows: [],
};
