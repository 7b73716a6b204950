import type { EpochRow } from "./epoch_row.ts";
import type { TrainingState } from "./training_state.ts";

/** Where a Trainer saves; the run folder is one. */
export interface TrainingRecord {
  /** Saves the point from which training can continue. */
  saveLast(state: TrainingState): Promise<void>;
  /** Saves the best model so far. */
  saveBest(state: TrainingState): Promise<void>;
  /** Writes down what the epochs measured. */
  saveRows(rows: readonly EpochRow[]): Promise<void>;
}
