import { unlabeled } from "./class_target.ts";
import type { Labels } from "../types.ts";

/**
 * Whether all of an object is known: not if one of its pixels has a neighbor,
 * by a side, that is not labeled, for it may continue there. What an image's
 * edge cuts counts as known as far as it goes.
 *
 * @param labels The instances.
 * @returns A function of an instance's number, which is false for background
 * and for {@linkcode unlabeled}.
 */
export function completeObjects(labels: Labels): (label: number) => boolean {
  const { width, height, data } = labels;
  const open = new Set([0, unlabeled]);
  if (data.includes(unlabeled)) {
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (data[at] !== unlabeled) continue;
        if (x > 0) open.add(data[at - 1]!);
        if (x < width - 1) open.add(data[at + 1]!);
        if (y > 0) open.add(data[at - width]!);
        if (y < height - 1) open.add(data[at + width]!);
      }
    }
  }
  return (label) => !open.has(label);
}
