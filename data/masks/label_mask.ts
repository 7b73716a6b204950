import type { MaskJudgment } from "./judge_mask.ts";
import { labelComponents } from "../targets/label_components.ts";
import type { Background, StoredMask } from "./stored_mask.ts";
import type { Labels } from "../types.ts";

/**
 * Makes instances of a mask's numbers, as it was judged: one per number in
 * ascending order, or one per connected part.
 */
export function labelMask(
  mask: StoredMask,
  background: Background,
  judgment: MaskJudgment,
): Labels {
  const { width, height } = mask;
  return judgment.reading === "binary"
    ? labelComponents(foregroundOf(mask, background, judgment), width, height)
    : numberValues(mask, background);
}

/** Everything but background in a binary mask, or what reaches the cut. */
export function foregroundOf(
  { values }: StoredMask,
  background: Background,
  { cut }: Pick<MaskJudgment, "cut">,
): Uint8Array {
  const foreground = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (background.has(value)) continue;
    if (cut === 0 || background.distance(value) >= cut) foreground[at] = 1;
  }
  return foreground;
}

/** The numbers of a mask that are objects, in ascending order. */
export function objectNumbers(
  { values }: Pick<StoredMask, "values">,
  background: Background,
): number[] {
  const found = new Set<number>();
  let last = NaN;
  for (const value of values) {
    if (value !== last) found.add(last = value);
  }
  return [...found].filter((value) => !background.has(value))
    .sort((a, b) => a - b);
}

function numberValues(mask: StoredMask, background: Background): Labels {
  const { values, width, height } = mask;
  const numbers = new Map(
    objectNumbers(mask, background).map((value, index) => [value, index + 1]),
  );
  const data = new Uint32Array(width * height);
  let known = NaN, number = 0;
  for (let at = 0; at < data.length; at++) {
    const value = values[at]!;
    if (value !== known) number = numbers.get(known = value) ?? 0;
    data[at] = number;
  }
  return { width, height, data };
}
