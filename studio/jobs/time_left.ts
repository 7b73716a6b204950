import type { StepReport } from "@unet/train";

/** How much the latest step counts. */
const share = 0.1;

/** Estimates how long a training still takes, at the latest. */
export class TimeLeft {
  readonly #epochs: number;
  /** Seconds per epoch: of its steps, or of the last whole one. */
  #pace = 0;
  #isMeasured = false;

  /** @param epochs The epochs to be made in all. */
  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  /** Takes what a step took, which counts until an epoch was finished. */
  step({ seconds, batches }: Pick<StepReport, "seconds" | "batches">): void {
    if (this.#isMeasured) return;
    const now = seconds * batches;
    this.#pace = this.#pace === 0
      ? now
      : (1 - share) * this.#pace + share * now;
  }

  /** Takes what an epoch took, its validation included. */
  epoch(seconds: number): void {
    this.#isMeasured = true;
    this.#pace = seconds;
  }

  /**
   * The seconds until all epochs are made.
   *
   * @param done Epochs finished, and the share of the one under way.
   */
  left(done: number): number {
    return Math.max(0, this.#epochs - done) * this.#pace;
  }
}
