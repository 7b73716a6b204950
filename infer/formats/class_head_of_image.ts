import type { ClassHead } from "../windows/class_head.ts";
import type { OutputImage } from "./format.ts";

/**
 * The head of classes that an output is made of.
 *
 * @throws {TypeError} If the network has none.
 */
export function classHeadOfImage({ classHead }: OutputImage): ClassHead {
  if (classHead) return classHead;
  throw new TypeError(
    "Cannot write classes: found a network without them, expected one with",
  );
}
