import { count } from "@unet/errors";
import { judgeMask } from "./judge_mask.ts";
import type { MaskFinding } from "./mask_finding.ts";
import { foregroundOf, labelMask } from "./label_mask.ts";
import type { MaskOptions } from "./mask_options.ts";
import { countParts } from "./mask_shape.ts";
import { backgroundOf, type StoredMask } from "./stored_mask.ts";
import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";

/** A rectangle of a mask, in pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Instances of a part of an image. */
export type PlacedLabels = Labels & Place;

/** The result of merging one mask's objects. */
export interface Merged {
  /** Their pixels, those of other objects included. */
  readonly pixels: number;
  /** Those of the pixels that an earlier mask had taken. */
  readonly overlap: number;
  /** How many objects were added. */
  readonly added: number;
}

/** Parts from this share of the largest on may be nuclei of their own. */
const comparable = 1 / 3;

/**
 * Reads one mask of Kaggle's layout: with `auto` everything but background is
 * one nucleus, whatever numbers and parts it has; else each number, or each
 * connected part, is one.
 *
 * @returns The nuclei where they are, the number farthest from background,
 * and what makes the reading doubtful.
 */
export function readNucleus(
  mask: StoredMask,
  options: MaskOptions,
): { labels: PlacedLabels; top: number; findings: MaskFinding[] } {
  const background = backgroundOf(mask, options.background ?? [0]);
  const place = boundsOf(mask, background.has);
  const part = cropMask(mask, place);
  const judgment = judgeMask(part, background, options);
  const findings = [...judgment.findings], { top } = judgment;
  if ((options.mask ?? "auto") !== "auto") {
    const { data } = labelMask(part, background, judgment);
    return { labels: { ...place, data }, top, findings };
  }
  const foreground = foregroundOf(part, background, judgment);
  const numbers = judgment.reading === "labels"
    ? new Set(part.values.filter((value) => !background.has(value))).size
    : 1;
  const parts = partsOf({ ...part, values: foreground });
  if (numbers > 1) findings.push(severalNumbers(numbers));
  else if (parts > 1) findings.push(severalParts(parts));
  return {
    labels: { ...place, data: Uint32Array.from(foreground) },
    top,
    // What is said of several numbers says it all.
    findings: findings.filter(({ kind }) => kind !== "class-map"),
  };
}

function severalNumbers(numbers: number): MaskFinding {
  return {
    kind: "several-values",
    found: count(numbers, "number"),
    expected: "one nucleus per mask",
    remedy: "all of them count as one nucleus",
    suggestion: { mask: "labels" },
  };
}

function severalParts(parts: number): MaskFinding {
  return {
    kind: "several-parts",
    found: `${count(parts, "part")} of comparable size`,
    expected: "one nucleus per mask",
    remedy: "all of them count as one nucleus",
    suggestion: { mask: "binary" },
  };
}

/** How many parts are about as large as the largest. */
function partsOf(foreground: StoredMask): number {
  const sizes = countParts(foreground, { has: (value) => value === 0 })
    .get(1)?.sizes ?? [];
  return sizes.filter((size) => size >= sizes[0]! * comparable).length;
}

/**
 * Adds objects to the labels of an image, under the next numbers. A pixel that
 * has a number already keeps it, and an object without a pixel left gets none.
 *
 * @param labels Changed in place.
 * @param own The objects to add.
 * @param taken How many numbers are taken.
 */
export function mergeLabels(
  labels: Labels,
  own: PlacedLabels,
  taken: number,
): Merged {
  const { data, width } = labels;
  const numbers = new Map<number, number>();
  let pixels = 0, overlap = 0;
  for (let row = 0, at = 0; row < own.height; row++) {
    const start = (own.y + row) * width + own.x;
    for (let column = 0; column < own.width; column++, at++) {
      const number = own.data[at]!;
      if (number === 0) continue;
      pixels++;
      const present = data[start + column]!;
      if (present > 0 && present !== unlabeled) {
        overlap++;
        continue;
      }
      let given = numbers.get(number);
      if (given === undefined) {
        given = taken + numbers.size + 1;
        numbers.set(number, given);
      }
      data[start + column] = given;
    }
  }
  return { pixels, overlap, added: numbers.size };
}

/** The rectangle around everything but background. */
function boundsOf(
  { values, width, height }: StoredMask,
  isBackground: (value: number) => boolean,
): Place {
  let left = width, right = -1, top = height, bottom = -1;
  const zero = isBackground(0);
  // A nucleus is small: most of its mask is skipped four pixels at a time.
  const words = zero && values instanceof Uint8Array &&
      values.byteOffset % 4 === 0
    ? new Uint32Array(values.buffer, values.byteOffset, values.length >> 2)
    : undefined;
  for (let at = 0; at < values.length; at++) {
    if (words && at % 4 === 0 && words[at >> 2] === 0) {
      at += 3;
      continue;
    }
    if (isBackground(values[at]!)) continue;
    const x = at % width, y = (at - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    if (y < top) top = y;
    bottom = y;
  }
  return right < 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function cropMask(mask: StoredMask, place: Place): StoredMask {
  const { x, y, width, height } = place;
  const values = mask.values.slice(0, width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * mask.width + x;
    values.set(mask.values.subarray(start, start + width), row * width);
  }
  return { ...mask, width, height, values };
}
