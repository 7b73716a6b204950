import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";
import type { StoredValue } from "./mask_options.ts";
import { numbersOf, type StoredMask } from "./stored_mask.ts";

/**
 * Marks the background of instances as {@linkcode unlabeled} where a mask
 * stores a value that means so. Instances stay.
 *
 * @param labels Changed in place.
 * @param mask A mask of the same size.
 * @param ignore What is not labeled.
 */
export function markUnlabeled(
  { data }: Labels,
  mask: StoredMask,
  ignore: readonly StoredValue[],
): void {
  const numbers = new Set(ignore.flatMap((value) => numbersOf(value, mask)));
  if (numbers.size === 0) return;
  const { values } = mask;
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 0 && numbers.has(values[at]!)) data[at] = unlabeled;
  }
}
