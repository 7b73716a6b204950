/** The measurements of one epoch: a row of `metrics.csv`. */
export interface EpochRow {
  /** The epoch, counted from 1; 0 for the model before its first step. */
  readonly epoch: number;
  /** Optimizer steps done after it. */
  readonly step: number;
  /** The mean training loss of its batches; null in epoch 0, which has none. */
  readonly loss: number | null;
  /** The mean loss on the validation set after it. */
  readonly validationLoss: number;
  /** F1 over all validation pixels (micro-averaged), 0…1. */
  readonly f1: number;
  /** The mean of the validation images' own F1, 0…1. */
  readonly f1PerImage: number;
  /** Intersection over union over all validation pixels, 0…1. */
  readonly iou: number;
  /** Precision over all validation pixels, 0…1. */
  readonly precision: number;
  /** Recall over all validation pixels, 0…1. */
  readonly recall: number;
  /**
   * F1 over all validation pixels of each head after the first, as in
   * `borderF1`.
   */
  readonly [headF1: `${string}F1`]: number;
  /** Intersection over union of each class, as in `axonIou`. */
  readonly [classIou: `${string}Iou`]: number;
  /** F1 over the validation pixels of each data set of several, as in `f1:cells`. */
  readonly [sourceF1: `f1:${string}`]: number;
  /** The learning rate of its last step; null in epoch 0, which has none. */
  readonly learningRate: number | null;
  /** Seconds it took, validation included. */
  readonly seconds: number;
}
