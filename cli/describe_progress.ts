import type { SegmentProgress } from "@unet/infer";
import { bar, describeSeconds } from "./terminal.ts";

/** What {@linkcode describeProgress} words. */
export type BatchPosition = Pick<
  SegmentProgress,
  | "filesDone"
  | "files"
  | "share"
  | "megapixelsPerSecond"
  | "secondsLeft"
  | "input"
>;

/**
 * Words how far a batch is, how fast it is, and how long the rest will take.
 *
 * @param position How far the batch is.
 * @returns The line, as in "12/340 ━━━╌╌╌╌╌╌╌ 3.4 MP/s, 2 m 05 s left  a.tif".
 */
export function describeProgress(position: BatchPosition): string {
  const { filesDone, files, share, input } = position;
  const number = Math.min(files, filesDone + 1);
  const facts = [speedOf(position), timeOf(position)].filter(Boolean).join(
    ", ",
  );
  return [
    `${number}/${files} ${bar(share)}`,
    facts && ` ${facts}`,
    `  ${input}`,
  ]
    .join("");
}

function speedOf({ megapixelsPerSecond: speed }: BatchPosition): string {
  return speed > 0 ? `${speed.toFixed(speed < 10 ? 1 : 0)} MP/s` : "";
}

function timeOf({ share, secondsLeft }: BatchPosition): string {
  // The network is done, the files are not.
  if (share === 1) return "writing";
  if (secondsLeft === undefined) return "";
  const whole = Math.max(1, Math.round(secondsLeft));
  return `${whole < 60 ? `${whole} s` : describeSeconds(whole)} left`;
}
