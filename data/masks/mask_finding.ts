import type { FaultKind } from "../dataset/fault.ts";
import type { MaskOptions } from "./mask_options.ts";

/** Something about a mask that a person should look at. */
export interface MaskFinding {
  /** What it is about. */
  readonly kind: FaultKind;
  /** What is there, with its count. */
  readonly found: string;
  /** What a mask should have instead. */
  readonly expected: string;
  /** How the mask was read all the same, or what mends it. */
  readonly remedy: string;
  /** Options that decide it, where some do. */
  readonly suggestion?: MaskOptions;
}
