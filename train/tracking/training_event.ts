import type { Graph } from "@unet/model";

/** A value of an event; null where there is no number, or none that is finite. */
export type EventValue = number | string | boolean | null;

/** Fields that every event of a training has. */
export interface BaseEvent {
  /** When it happened, in milliseconds since 1970. */
  readonly time: number;
  /** The epoch, counted from 1; 0 before the first. */
  readonly epoch: number;
  /** Optimizer steps done. */
  readonly step: number;
  /** What there is to record, by name. */
  readonly values: Readonly<Record<string, EventValue>>;
}

/** A training began: its values are the hyperparameters. */
export interface StartEvent extends BaseEvent {
  readonly kind: "start";
  /** The network. */
  readonly graph: Graph;
}

/** A training continued. */
export interface ResumeEvent extends BaseEvent {
  readonly kind: "resume";
}

/** A step was done: `loss`, the epoch's mean so far, and `learningRate`. */
export interface StepEvent extends BaseEvent {
  readonly kind: "step";
}

/** An epoch was finished: its values are a row of `metrics.csv`. */
export interface EpochEvent extends BaseEvent {
  readonly kind: "epoch";
}

/** A sample was drawn: its value is `path`, in the run folder. */
export interface ImageEvent extends BaseEvent {
  readonly kind: "image";
  /** Its name, as in "01". */
  readonly name: string;
  /** The image as a PNG file. */
  readonly png: Uint8Array;
}

/** A training came to its end: `reason`, `bestEpoch` and `bestF1`. */
export interface EndEvent extends BaseEvent {
  readonly kind: "end";
  /** Whether it ended well; false where its loss was no longer finite. */
  readonly isSuccess: boolean;
}

/** An entry in the log of a training. */
export type TrainingEvent =
  | StartEvent
  | ResumeEvent
  | StepEvent
  | EpochEvent
  | ImageEvent
  | EndEvent;
