import type {
  Evaluation,
  LearningRateTrial,
  RangeTestPoint,
  RangeTestSuggestion,
} from "@unet/train";
import type { TrainSettings } from "../settings/train_settings.ts";
import type { SessionEvents } from "../training/session_events.ts";

/** A step of a range test or of a short training. */
export interface LrRangeStep {
  /** The highest rate of the short training; null in the range test. */
  readonly learningRate: number | null;
  /** Steps done. */
  readonly done: number;
  /** Steps in all. */
  readonly all: number;
  /** The loss of the step, in a short training the mean so far. */
  readonly loss: number;
}

/** Events of a range test, and the signal that ends it. */
export interface LrRangeEvents extends SessionEvents {
  /** All is ready for the first step; the settings are complete. */
  onStart?(settings: TrainSettings): void;
  /** A step was done. */
  onStep?(step: LrRangeStep): void;
  /** The curve is measured; what this returns is waited for. */
  onCurve?(
    points: readonly RangeTestPoint[],
    suggestion: RangeTestSuggestion | null,
  ): void | Promise<void>;
  /** The weights that training starts from, if they are given, were scored. */
  onStartScores?(evaluation: Evaluation): void;
  /** A short training was done. */
  onTrial?(trial: LearningRateTrial): void;
  /** A line about what was found. */
  onNote?(line: string): void;
}
