import { type BatchProgress, estimateBatch } from "@unet/infer/batch";
import { bar, describeSeconds } from "./terminal.ts";

/** How far a batch is, for its live line. */
export interface LiveProgress extends BatchProgress {
  /** Files finished, those that were passed over included. */
  readonly filesDone: number;
  /** Files in all. */
  readonly files: number;
  /** The image under way. */
  readonly input: string;
}

/**
 * Words how far a batch is, how fast it goes, and how long it will.
 *
 * @returns The line, as in "12/340 ━━━╌╌╌╌╌╌╌ 3.4 MP/s, 2 m 05 s left  a.tif".
 */
export function describeProgress(progress: LiveProgress): string {
  const { filesDone, files, input } = progress;
  const { share, megapixelsPerSecond, secondsLeft } = estimateBatch(progress);
  const told = [
    ...megapixelsPerSecond > 0 ? [speedOf(megapixelsPerSecond)] : [],
    ...secondsLeft === undefined
      ? []
      : [`${describeSeconds(secondsLeft)} left`],
  ].join(", ");
  const number = Math.min(files, filesDone + 1);
  return `${number}/${files} ${bar(share)}${told && " "}${told}  ${input}`;
}

function speedOf(megapixels: number): string {
  return `${megapixels.toFixed(megapixels < 10 ? 1 : 0)} MP/s`;
}
