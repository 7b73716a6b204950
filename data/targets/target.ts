/**
 * What a head of a network learns, as functions of instance labels. Runs in a
 * browser.
 *
 * @module
 */
import type { Labels } from "../types.ts";
import { centerDirections } from "./center_directions.ts";
import { classTarget } from "./class_target.ts";
import {
  unlabeledAsBackground,
  withoutUnlabeled,
} from "./unlabeled_as_background.ts";
import { instanceBorders } from "./instance_borders.ts";
import {
  instanceClassTarget,
  type TargetSource,
} from "./instance_class_target.ts";
import { rayDistances } from "./ray_distances.ts";
import { touchingBorders } from "./touching_borders.ts";

/**
 * Makes a head's ground truth from a tile's instances, after augmentation.
 *
 * @param labels The instances, `[H, W]`.
 * @param options What the head's settings say besides; each target checks its
 * own.
 * @param source What is known of the image besides.
 * @returns Values laid out as `[H, W, C]`, with the head's channels.
 */
export type Target = (
  labels: Labels,
  options?: unknown,
  source?: TargetSource,
) => Uint8Array | Float32Array;

/** The targets that {@linkcode targetOf} knows by name. */
export const targets: Readonly<Record<string, Target>> = {
  object: objectMask,
  border: (labels, options) => instanceBorders(labels, options ?? {}),
  touching: (labels, options) => touchingBorders(labels, options ?? {}),
  directions: centerDirections,
  distances: (labels, options) => rayDistances(labels, options ?? {}),
  classes: classTarget,
  "instance-classes": instanceClassTarget,
};

/**
 * The union of all instances.
 *
 * @param labels The instances.
 * @returns 1 on objects and 0 on background, laid out as the labels; −1 where
 * nothing is labeled.
 *
 * @example
 * ```ts
 * import { objectMask } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([0, 1, 7]);
 * assertEquals([...objectMask({ width: 3, height: 1, data })], [0, 1, 1]);
 * ```
 */
export function objectMask(labels: Labels): Uint8Array | Float32Array {
  const { data } = unlabeledAsBackground(labels);
  const mask = new Uint8Array(data.length);
  // `Uint8Array.from()` walks an iterator, which takes ten times as long.
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) mask[at] = 1;
  return withoutUnlabeled(mask, labels);
}

/** The ground truth of one head, for a loader. */
export interface HeadTarget {
  /** The head's name; a batch holds its ground truth under it. */
  readonly head: string;
  /** The head's channels; 1 by default. */
  readonly channels?: number;
  /** The name of a target, as in "object", or a module that exports one. */
  readonly target: string | TargetModule;
  /** Passed to the target as they are; workers get a structured clone. */
  readonly options?: unknown;
}

/** A module with a {@linkcode Target}, loaded where the work is done. */
export interface TargetModule {
  /**
   * The URL of a module that exports a function `target`, as
   * `import.meta.resolve()` gives it.
   */
  readonly module: string;
}

/**
 * Finds a target by name.
 *
 * @param name The name.
 * @returns The function.
 * @throws {RangeError} If there is no target of that name.
 *
 * @example
 * ```ts
 * import { targetOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = { width: 2, height: 1, data: new Uint32Array([3, 0]) };
 * assertEquals([...targetOf("object")(labels)], [1, 0]);
 * ```
 */
export function targetOf(name: string): Target {
  if (Object.hasOwn(targets, name)) return targets[name]!;
  throw new RangeError(
    `Cannot make target "${name}": found no target of that name, expected ${
      Object.keys(targets).join(", ")
    }`,
  );
}
