import { type BatchEstimate, estimateBatch } from "../batch/progress.ts";
import { secondsSince } from "./seconds_since.ts";

/** Measures how far a batch is, and from that how long it will take. */
export class BatchMeter<Job> {
  /** Images that are expected to be skipped, so that they do not count. */
  readonly #expected: ReadonlySet<Job>;
  /** Images that are open, with their pixels and the share that is done. */
  readonly #open = new Map<Job, { pixels: number; share: number }>();
  #imagesLeft: number;
  #imagesOpened = 0;
  #pixelsFinished = 0;
  #started: number | undefined;

  /**
   * @param jobs Every image of the batch.
   * @param isExpected Whether an image is expected to be skipped.
   */
  constructor(jobs: readonly Job[], isExpected: (job: Job) => boolean) {
    this.#expected = new Set(jobs.filter(isExpected));
    this.#imagesLeft = jobs.length - this.#expected.size;
  }

  /** An image needs no work, or failed before it was opened. */
  leaveOut(job: Job): void {
    if (!this.#expected.has(job)) this.#imagesLeft--;
  }

  /** An image is open, and its size is known. */
  open(job: Job, pixels: number): void {
    this.leaveOut(job);
    this.#started ??= performance.now();
    this.#imagesOpened++;
    this.#open.set(job, { pixels, share: 0 });
  }

  /** A share of an open image, 0…1, is segmented. */
  advance(job: Job, share: number): void {
    const open = this.#open.get(job);
    if (open) open.share = share;
  }

  /** An open image is segmented. */
  finish(job: Job): void {
    this.#pixelsFinished += this.#open.get(job)?.pixels ?? 0;
    this.#open.delete(job);
  }

  /** An image failed, opened or not. */
  fail(job: Job): void {
    if (this.#open.delete(job)) this.#imagesOpened--;
    else this.leaveOut(job);
  }

  /** The speed and the time left. */
  estimate(): BatchEstimate {
    let pixelsDone = this.#pixelsFinished, pixelsOpen = 0;
    for (const { pixels, share } of this.#open.values()) {
      pixelsDone += pixels * share;
      pixelsOpen += pixels * (1 - share);
    }
    return estimateBatch({
      pixelsDone,
      pixelsOpen,
      imagesOpened: this.#imagesOpened,
      imagesLeft: this.#imagesLeft,
      seconds: this.#started === undefined ? 0 : secondsSince(this.#started),
    });
  }
}
