/**
 * How well one mask agrees with another.
 *
 * @module
 */
import { readLabels, unlabeled } from "@unet/data";
import { summarizeTotals, totalsOf } from "../evaluation/instance_summary.ts";

/** How well a mask agrees with the true one, in 0…1. */
export interface MaskScores {
  /** F1 of the objects that overlap by an IoU of at least 0.5. */
  readonly objectF1: number;
  /** Average precision at IoU 0.5. */
  readonly ap50: number;
  /** F1 of the pixels. */
  readonly pixelF1: number;
}

/** The most pixels of masks that are scored: they are in memory at once. */
export const mostScoredPixels: number = 2 ** 24;

/**
 * Scores a mask against the true one. Pixels that nobody labeled count for
 * nothing.
 *
 * @param truth The file of the true mask.
 * @param prediction The file of the other one.
 * @returns The scores; null where the masks are of two sizes.
 * @throws {FileError} If one cannot be read, or is too large.
 *
 * @example
 * ```ts
 * import { scoreMask } from "@unet/app/score-mask";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([1, 0, 2]);
 * const size = { width: 3, height: 1, channels: 1, depth: 8 } as const;
 * await Deno.writeFile(path, await encodePng({ ...size, data }));
 * assertEquals((await scoreMask(path, path))?.objectF1, 1);
 * await Deno.remove(path);
 * ```
 */
export async function scoreMask(
  truth: string,
  prediction: string,
): Promise<MaskScores | null> {
  const wanted = await readLabels(truth, mostScoredPixels);
  const found = await readLabels(prediction, mostScoredPixels);
  const isFit = found.width === wanted.width && found.height === wanted.height;
  if (!isFit) return null;
  let both = 0, sum = 0;
  for (let at = 0; at < wanted.data.length; at++) {
    if (wanted.data[at] === unlabeled) wanted.data[at] = found.data[at] = 0;
    const isWanted = wanted.data[at] !== 0, isFound = found.data[at] !== 0;
    if (isWanted && isFound) both++;
    sum += Number(isWanted) + Number(isFound);
  }
  const { f1, ap50 } = summarizeTotals(totalsOf(wanted, found));
  // Where neither has an object, they agree.
  return { objectF1: f1, ap50, pixelF1: sum === 0 ? 1 : 2 * both / sum };
}
