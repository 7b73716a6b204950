import type { DataLoader } from "@unet/data";
import type { Model } from "@unet/model";
import type { EpochRow } from "./run/epoch_row.ts";
import type { Communicator } from "./parallel/communicator.ts";
import type { Evaluation } from "./metrics/evaluate.ts";
import type { Loss } from "./losses/loss.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import type { Scheduler } from "./schedules/scheduler.ts";
import type { TrainingRecord } from "./run/training_record.ts";
import type { TrainingState } from "./run/training_state.ts";

/**
 * The properties of a device that the Trainer needs; `openDevice()` returns
 * one.
 */
export interface TrainingDevice {
  /** The name of its backend in tfjs, as in "wasm". */
  readonly name: string;
}

/** A step that was done, for whoever shows progress. */
export interface StepReport {
  /** The epoch, counted from 1. */
  readonly epoch: number;
  /** Batches done of this epoch. */
  readonly batch: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** The mean loss of this epoch so far. */
  readonly loss: number;
  /** The learning rate of the step. */
  readonly learningRate: number;
  /** Seconds since the step before, or since the epoch's start. */
  readonly seconds: number;
}

/** An epoch that was finished, for whoever shows progress. */
export interface EpochReport {
  /** What it measured. */
  readonly row: EpochRow;
  /** Whether its F1 is higher than that of each epoch before. */
  readonly isBest: boolean;
  /** All that its validation measured. */
  readonly evaluation: Evaluation;
}

/** The parts of a `Trainer`. The first eight are the report's. */
export interface TrainerOptions {
  /** How gradients change weights. */
  readonly optimizer: Optimizer;
  /** The loss function. */
  readonly loss: Loss;
  /** The network. */
  readonly model: Model;
  /** Gives the batches to train on. */
  readonly trainDataloader: DataLoader;
  /** Gives the batches to validate on. */
  readonly testDataloader: DataLoader;
  /** Epochs to train, those before a resumption counted in. */
  readonly epochs: number;
  /**
   * Epochs without a higher validation F1 after which training ends early; by
   * default it makes all epochs.
   */
  readonly patience?: number;
  /**
   * Which epoch is the best model: that with the highest validation F1, the
   * default, or the last, for a training that holds no image out and so has
   * nothing to choose by.
   */
  readonly keep?: "best" | "last";
  /**
   * The device, as `openDevice()` returned it, and left open. Opening it made
   * tfjs compute on it, for all of the program; `fit()` refuses to train if
   * another one was made the current one since.
   */
  readonly device: TrainingDevice;
  /** The learning rate at each step. */
  readonly scheduler: Scheduler;
  /** Seeds dropout. */
  readonly seed?: number;
  /**
   * The epoch, counted from 1, from which on the encoder is trained too; before,
   * as many of its blocks are frozen as in the model's plan, or all where the
   * plan freezes none. Without it, the encoder stays as the model has it.
   */
  readonly unfreezeAt?: number;
  /**
   * Batches, as training sees them, over which the statistics of batch norm are
   * averaged before each validation (`updateBatchNorm()`); by default
   * none, and they stay moving averages.
   */
  readonly batchNormBatches?: number;
  /**
   * The data set of a validation image by its id: each has an F1 of its own in
   * every row, as in `f1:cells`; by default none.
   */
  readonly sourceOf?: (id: string) => string;
  /**
   * Connects the ranks that train together; by default this process trains
   * alone. The loaders give each rank its share (`share` of `createLoader()`),
   * all else is given alike to all ranks but for `record`, which one has.
   */
  readonly communicator?: Communicator;
  /**
   * Whether batch norm takes the statistics of the whole batch, at the cost of
   * two sums per layer; by default those of a rank's share, as PyTorch's
   * DistributedDataParallel does.
   */
  readonly syncBatchNorm?: boolean;
  /**
   * Whether ranks begin to sum gradients during the backward pass; by default
   * if they are on several machines. The device `webgpu` cannot be read during
   * that pass, and sums after it. It changes no result of two ranks; with more,
   * last bits may differ.
   */
  readonly overlap?: boolean;
  /** Where to continue; the start by default. */
  readonly state?: TrainingState;
  /** Where to save; nowhere by default. */
  readonly record?: TrainingRecord;
  /** Steps between two savings within an epoch; only after epochs by default. */
  readonly saveEvery?: number;
  /**
   * When aborted, training saves after the step under way and returns. Aborted
   * in a validation, it saves too; whoever continues validates anew.
   */
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (report: StepReport) => void;
  /**
   * Whether the model is scored before its first step, as epoch 0, so that a
   * model that training makes worse than its start is seen; not by default.
   * A state that has steps or rows is never scored again.
   */
  readonly scoreStart?: boolean;
  /** Called after each epoch's validation and saving. */
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
}
