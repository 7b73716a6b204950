import { fillHoles } from "./_fill_holes.ts";
import { flood } from "./_flood.ts";
import type { Frame } from "./_frame.ts";
import { markPeaks } from "./_peak_markers.ts";
import { makeRelief, reliefSteps } from "./_relief.ts";
import type { InstanceSettings } from "./instance_options.ts";
import type { Workspace } from "./_workspace.ts";

/** What {@linkcode splitComponent} needs to know besides the component. */
export interface SplitOptions {
  /** How to separate objects. */
  readonly settings: InstanceSettings;
  /** Whether the network predicts borders. */
  readonly hasBorder: boolean;
  /** Whether its holes may be where objects were taken out. */
  readonly isRest: boolean;
  /** Pixels per row of the image. */
  readonly imageWidth: number;
  /** Rows of the image that are known. */
  readonly imageHeight: number;
  /** Whether another object lies among these pixels of the frame. */
  readonly isTaken: (pixels: Int32Array) => boolean;
}

/**
 * Splits one component, which lies in the workspace, into objects.
 *
 * What is nearest to a pixel of a component, among all that is outside, is
 * background: of two pixels of different components, which do not touch, the
 * way between them crosses some. So the distances here are those on the whole
 * image.
 *
 * @param frame Where the component is.
 * @param space Holds it; its labels are the objects' numbers afterwards.
 * @param options How to separate objects.
 * @returns How many objects there are.
 */
export function splitComponent(
  frame: Frame,
  space: Workspace,
  { settings, ...options }: SplitOptions,
): number {
  if (!options.isRest) {
    fillHoles(frame, space, settings.maximalHole, options.isTaken);
  }
  const isWhole = frame.x >= 0 && frame.y >= 0 &&
    frame.x + frame.width <= options.imageWidth &&
    frame.y + frame.height <= options.imageHeight;
  const isKnown = (x: number, y: number): boolean => {
    if (isWhole) return true;
    const column = frame.x + x, row = frame.y + y;
    return column >= 0 && column < options.imageWidth &&
      row >= 0 && row < options.imageHeight;
  };
  const { smoothing, depth, borderWeight } = settings;
  const highest = makeRelief(frame, space, {
    smoothing,
    borderWeight: options.hasBorder ? borderWeight : 0,
    isKnown,
  });
  if (highest !== null) {
    const markers = markPeaks(frame, space, highest, reliefSteps * depth);
    if (markers > 1) {
      flood(frame, space, highest);
      return markers;
    }
  }
  const { inside, labels } = space;
  const length = frame.width * frame.height;
  for (let at = 0; at < length; at++) labels[at] = inside[at]!;
  return 1;
}
