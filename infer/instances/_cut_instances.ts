import type { Frame } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";
import type { Instance } from "./instance.ts";

/** An object that has no number yet. */
export type Part = Omit<Instance, "label"> & {
  /** Its label in the workspace. */
  readonly part: number;
  /** Its pixels. */
  readonly area: number;
};

/**
 * Cuts the objects out of the workspace, each with its bounding box.
 *
 * @param frame Where the component is.
 * @param space Holds it and the labels of its objects.
 * @param count How many labels there are.
 * @param threshold What is above it counts in an object's probability.
 * @returns The objects in the order of their labels.
 */
export function cutInstances(
  frame: Frame,
  { labels, probability }: Workspace,
  count: number,
  threshold: number,
): Part[] {
  const { width, height } = frame;
  const left = new Int32Array(count + 1).fill(width);
  const top = new Int32Array(count + 1).fill(height);
  const right = new Int32Array(count + 1).fill(-1);
  const bottom = new Int32Array(count + 1).fill(-1);
  const sums = new Float64Array(count + 1), found = new Int32Array(count + 1);
  const areas = new Int32Array(count + 1);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const label = labels[at]!;
      if (label === 0) continue;
      if (x < left[label]!) left[label] = x;
      if (x > right[label]!) right[label] = x;
      if (y < top[label]!) top[label] = y;
      bottom[label] = y;
      areas[label]!++;
      if (probability[at]! > threshold) {
        sums[label]! += probability[at]!;
        found[label]!++;
      }
    }
  }
  const parts: Part[] = [];
  for (let part = 1; part <= count; part++) {
    const columns = right[part]! - left[part]! + 1;
    const rows = bottom[part]! - top[part]! + 1;
    const mask = new Uint8Array(columns * rows);
    for (let y = 0, to = 0; y < rows; y++) {
      let at = (top[part]! + y) * width + left[part]!;
      for (let x = 0; x < columns; x++, at++, to++) {
        if (labels[at] === part) mask[to] = 1;
      }
    }
    parts.push({
      part,
      area: areas[part]!,
      x: frame.x + left[part]!,
      y: frame.y + top[part]!,
      width: columns,
      height: rows,
      mask,
      probability: found[part]! === 0 ? 0 : sums[part]! / found[part]!,
    });
  }
  return parts;
}
