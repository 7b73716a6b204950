import type { OpenComponent } from "./_open_component.ts";
import type { Workspace } from "./_workspace.ts";

/** Where a component is cut out: its bounding box and a ring of one pixel. */
export interface Frame {
  /** The first column on the image, which is −1 at its left border. */
  readonly x: number;
  /** The first row on the image, which is −1 at its top. */
  readonly y: number;
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** Lays a component into the workspace, within its frame. */
export function cutOut(component: OpenComponent, space: Workspace): Frame {
  const { left, right, top, bottom, runs, runLength } = component;
  const frame = {
    x: left - 1,
    y: top - 1,
    width: right - left + 3,
    height: bottom - top + 3,
  };
  const { width, height } = frame;
  space.reserve(width * height);
  const { inside, probability, border } = space;
  inside.fill(0, 0, width * height);
  for (let run = 0, from = 0; run < runLength; run += 3) {
    const row = (runs[run]! - frame.y) * width - frame.x;
    const start = row + runs[run + 1]!, end = row + runs[run + 2]!;
    for (let at = start; at < end; at++, from++) {
      inside[at] = 1;
      probability[at] = component.probability[from]!;
      if (component.border) border[at] = component.border[from]!;
    }
  }
  return frame;
}

/** Steps to the neighbors of a pixel: four by a side, then four by a corner. */
export function neighborSteps(width: number): Int32Array {
  return Int32Array.of(
    ...[-width, -1, 1, width],
    ...[-width - 1, -width + 1, width - 1, width + 1],
  );
}
