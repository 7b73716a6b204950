import type { ReadingNoteKind } from "../images/image_choice.ts";
import type { MaskOptions } from "../masks/mask_options.ts";

/** The kinds of problems in a dataset or a case. */
export type FaultKind =
  | "unsafe-path"
  | "duplicate-id"
  | "missing-image"
  | "missing-mask"
  | "other-files"
  | "unreadable-image"
  | "unreadable-mask"
  | "size-mismatch"
  | "too-large"
  | "empty-mask"
  | "nothing-labeled"
  | "overlap"
  | "identical-images"
  | "mask-pages"
  | "alpha-mask"
  | "negative-values"
  | "invalid-values"
  | "void-value"
  | "fractional-values"
  | "lossy-mask"
  | "gray-edges"
  | "probabilities"
  | "scattered-values"
  | "class-map"
  | "unknown-class"
  | "missing-class"
  | "several-values"
  | "several-parts"
  | "wrong-background"
  | "no-background"
  | ReadingNoteKind;

/** One thing that is wrong with a dataset. */
export interface Fault {
  /** What is wrong. */
  readonly kind: FaultKind;
  /** Training cannot use the case (`error`), or can as it is (`warning`). */
  readonly severity: "error" | "warning";
  /** The case's id; absent where no case has it, as for a path in a zip. */
  readonly case?: string;
  /** What was found, what was expected and what to do, in one line. */
  readonly message: string;
  /** How masks could be read instead, where that decides it. */
  readonly suggestion?: MaskOptions;
}
