/** How far a batch is. */
export interface BatchProgress {
  /**
   * Bytes of the finished inputs, those that were passed over left out, and of
   * the current one the share that is done.
   */
  readonly bytesDone: number;
  /** Bytes of all inputs, those that were passed over left out. */
  readonly bytes: number;
  /** Pixels that the network has decided. */
  readonly pixelsDone: number;
  /** Seconds since the work began. */
  readonly seconds: number;
}

/** How fast a batch goes, and how long it will. */
export interface BatchEstimate {
  /** The share that is done, 0…1. */
  readonly share: number;
  /** Megapixels a second. */
  readonly megapixelsPerSecond: number;
  /** Seconds left; unknown in the first second, and while nothing is done. */
  readonly secondsLeft?: number;
}

/**
 * Estimates speed and time left. Bytes stand for work, because the sizes of
 * files are known before any is opened and their pixels are not.
 *
 * @param progress How far the batch is.
 * @returns The estimate.
 *
 * @example
 * ```ts
 * import { estimateBatch } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   estimateBatch({ bytesDone: 25, bytes: 100, pixelsDone: 6e6, seconds: 3 }),
 *   { share: 0.25, megapixelsPerSecond: 2, secondsLeft: 9 },
 * );
 * ```
 */
export function estimateBatch(progress: BatchProgress): BatchEstimate {
  const { bytesDone, bytes, pixelsDone, seconds } = progress;
  const share = bytes > 0 ? Math.min(1, Math.max(0, bytesDone / bytes)) : 1;
  const megapixelsPerSecond = seconds > 0 ? pixelsDone / seconds / 1e6 : 0;
  if (share === 1) return { share, megapixelsPerSecond, secondsLeft: 0 };
  if (share === 0 || seconds < 1) return { share, megapixelsPerSecond };
  const secondsLeft = seconds * (1 - share) / share;
  return { share, megapixelsPerSecond, secondsLeft };
}
