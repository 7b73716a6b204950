/** How far a batch is; images that earlier runs finished do not count. */
export interface BatchProgress {
  /** Pixels that are segmented. */
  readonly pixelsDone: number;
  /** Pixels of the opened images that are still to be segmented. */
  readonly pixelsOpen: number;
  /** Images whose pixels are in these two numbers. */
  readonly imagesOpened: number;
  /** Images that are still to be opened, of unknown size. */
  readonly imagesLeft: number;
  /** Seconds since the network began. */
  readonly seconds: number;
}

/** How fast a batch is, and how long it will take. */
export interface BatchEstimate {
  /** The share of the batch that is segmented, 0…1. */
  readonly share: number;
  /** Megapixels per second; 0 before the first pixel. */
  readonly megapixelsPerSecond: number;
  /**
   * Seconds left for the whole batch; unknown in the first second, and before
   * the first pixel.
   */
  readonly secondsLeft?: number;
}

/**
 * Estimates speed and time left of a whole batch: by pixels where images are
 * open, and by their mean where the size of an image is not known yet.
 *
 * @param progress How far the batch is.
 * @returns The estimate.
 *
 * @example
 * ```ts
 * import { estimateBatch } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * // One of four images of a megapixel each took three seconds.
 * assertEquals(
 *   estimateBatch({
 *     pixelsDone: 1e6,
 *     pixelsOpen: 0,
 *     imagesOpened: 1,
 *     imagesLeft: 3,
 *     seconds: 3,
 *   }),
 *   { share: 0.25, megapixelsPerSecond: 1 / 3, secondsLeft: 9 },
 * );
 * ```
 */
export function estimateBatch(progress: BatchProgress): BatchEstimate {
  const { pixelsDone, pixelsOpen, imagesOpened, imagesLeft, seconds } =
    progress;
  const mean = imagesOpened > 0 ? (pixelsDone + pixelsOpen) / imagesOpened : 0;
  const left = pixelsOpen + imagesLeft * mean;
  const share = pixelsDone > 0
    ? pixelsDone / (pixelsDone + left)
    : imagesLeft > 0 || pixelsOpen > 0
    ? 0
    : 1;
  const megapixelsPerSecond = seconds > 0 ? pixelsDone / seconds / 1e6 : 0;
  if (share === 1) return { share, megapixelsPerSecond, secondsLeft: 0 };
  if (pixelsDone === 0 || seconds < 1) return { share, megapixelsPerSecond };
  const secondsLeft = left * seconds / pixelsDone;
  return { share, megapixelsPerSecond, secondsLeft };
}
