import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";

/** Numbers of instances or classes. */
export interface LabelCounts {
  /** How many instances there are; 0 in a map of classes. */
  readonly nuclei: number;
  /** The share of the labeled pixels that are not background; 0 without any. */
  readonly foreground: number;
  /** The share of the pixels that are labeled. */
  readonly labeled: number;
  /** How many pixels each class has, in a map of classes. */
  readonly classPixels?: readonly number[];
}

/**
 * Counts instances, or the pixels of classes.
 *
 * @param labels Numbers of instances or of classes.
 * @param classes How many classes there are; instances if not given.
 */
export function countLabels(
  { data }: Labels,
  classes: number | undefined,
): LabelCounts {
  const seen = new Set<number>();
  const pixels = Array.from({ length: classes ?? 0 }, () => 0);
  let last = 0, labeled = 0, background = 0;
  for (const value of data) {
    if (value === unlabeled) continue;
    labeled++;
    if (value === 0) background++;
    if (classes !== undefined) pixels[value]!++;
    else if (value !== last) seen.add(last = value);
  }
  seen.delete(0);
  return {
    nuclei: seen.size,
    foreground: labeled === 0 ? 0 : (labeled - background) / labeled,
    labeled: labeled / data.length,
    ...(classes !== undefined && { classPixels: pixels }),
  };
}
