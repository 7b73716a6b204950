import type { Labels, Rectangle } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import { boxesIn } from "@unet/infer/instances";
import { type Change, recordChange } from "./change.ts";
import { fillHoles } from "./fill_holes.ts";
import { boxAroundAll, isObject, objectsAlong } from "./find_objects.ts";
import { linePixels } from "./line_pixels.ts";
import {
  boxAround,
  type OnSpan,
  type Points,
  polygonSpans,
  strokeSpans,
} from "./spans.ts";
import { splitObject } from "./split_object.ts";

/** What a stroke or a polygon leaves behind. */
export type Paint = "object" | "background" | "unlabeled";

/** One edit of a mask, as plain data. */
export type Operation =
  | {
    readonly tool: "brush";
    /** Where the disk moves. */
    readonly points: Points;
    /** Its size in pixels. */
    readonly size: number;
    /** What it leaves behind: the object under the first point, or a new one. */
    readonly as: Paint;
    /** Whether it paints over other objects. */
    readonly over: boolean;
  }
  | {
    readonly tool: "polygon";
    /** Its corners. */
    readonly points: Points;
    /** What it leaves behind; an object is always a new one. */
    readonly as: Paint;
    /** Whether it paints over other objects. */
    readonly over: boolean;
  }
  | {
    readonly tool: "split" | "merge" | "delete" | "fill";
    /** A line across the objects. */
    readonly points: Points;
  }
  | {
    readonly tool: "class";
    /** A line across the objects. */
    readonly points: Points;
    /** The class that they get; empty for none. */
    readonly name: string;
  }
  | {
    readonly tool: "rest";
    /** Whether all that is no object becomes unlabeled, or background. */
    readonly as: "background" | "unlabeled";
  };

/** What an operation did. */
export interface Outcome {
  /** What changed; empty if nothing did. */
  readonly change: Change;
  /** Why nothing changed, for the person. */
  readonly note?: string;
}

/**
 * Does an operation.
 *
 * @param labels Changed in place.
 * @param operation The operation.
 * @param next The first number that no object has.
 * @returns What changed.
 */
export function perform(
  labels: Labels,
  operation: Operation,
  next: number,
): Outcome {
  switch (operation.tool) {
    case "brush":
    case "polygon":
      return paint(labels, operation, next);
    case "rest":
      return paintRest(labels, operation.as);
    case "class":
      // Labels stay as they are.
      return { change: [] };
    default:
      return changeObjects(labels, operation, next);
  }
}

type Painting = Operation & { readonly tool: "brush" | "polygon" };

function paint(labels: Labels, operation: Painting, next: number): Outcome {
  const { points, as, over } = operation;
  const { width, height, data } = labels;
  const isBrush = operation.tool === "brush";
  const label = as === "background"
    ? 0
    : as === "unlabeled"
    ? unlabeled
    : isBrush
    ? objectAt(labels, points) ?? next
    : next;
  // An eraser that spares objects would erase nothing.
  const spares = !over && as !== "background";
  const fill: OnSpan = (row, from, to) => {
    const end = row * width + to;
    for (let at = row * width + from; at < end; at++) {
      if (!spares || !isObject(data[at]!)) data[at] = label;
    }
  };
  const box = boxAround(labels, points, isBrush ? operation.size / 2 : 1);
  const change = recordChange(labels, box, () => {
    if (isBrush) strokeSpans({ width, height }, points, operation.size, fill);
    else polygonSpans({ width, height }, points, fill);
  });
  return change.length > 0
    ? { change }
    : { change, note: "There is nothing to paint." };
}

function objectAt({ width, height, data }: Labels, points: Points) {
  const x = points[0]!, y = points[1]!;
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const label = data[y * width + x]!;
  return isObject(label) ? label : undefined;
}

function paintRest(
  labels: Labels,
  as: "background" | "unlabeled",
): Outcome {
  const { width, height, data } = labels;
  const [from, to] = as === "unlabeled" ? [0, unlabeled] : [unlabeled, 0];
  const change = recordChange(labels, { x: 0, y: 0, width, height }, () => {
    for (let at = 0; at < data.length; at++) {
      if (data[at] === from) data[at] = to;
    }
  });
  return change.length > 0 ? { change } : {
    change,
    note: `Nothing is ${from === 0 ? "background" : "unlabeled"}.`,
  };
}

type OfObjects = Operation & {
  readonly tool: "split" | "merge" | "delete" | "fill";
};

/** What is said where an operation changes nothing. */
const notes = {
  split: "The line does not cut an object in two.",
  merge: "Draw from one object to another to merge them.",
  delete: "There is no object.",
  fill: "The object has no hole.",
};

function changeObjects(
  labels: Labels,
  { tool, points }: OfObjects,
  next: number,
): Outcome {
  const objects = objectsAlong(labels, points);
  if (objects.size === 0) {
    return { change: [], note: "There is no object." };
  }
  const boxes = boxesIn(labels, objects);
  const [first] = objects;
  const change = recordChange(labels, boxAroundAll(boxes.values()), () => {
    if (tool === "split") {
      const line = new Set(linePixels(labels, points));
      let free = next;
      for (const [label, box] of boxes) {
        free += splitObject(labels, { label, box, line, next: free });
      }
    } else {
      for (const [label, box] of boxes) {
        if (tool === "fill") fillHoles(labels, label, box);
        else relabel(labels, box, [label, tool === "merge" ? first! : 0]);
      }
    }
  });
  return change.length > 0 ? { change } : { change, note: notes[tool] };
}

function relabel(
  { width, data }: Labels,
  box: Rectangle,
  [from, to]: readonly [number, number],
): void {
  for (let row = box.y; row < box.y + box.height; row++) {
    const end = row * width + box.x + box.width;
    for (let at = row * width + box.x; at < end; at++) {
      if (data[at] === from) data[at] = to;
    }
  }
}
