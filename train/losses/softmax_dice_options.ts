import type { DiceLossOptions } from "./dice_loss_options.ts";

/** How {@linkcode softmaxDiceLoss} adds up classes. */
export interface SoftmaxDiceLossOptions extends DiceLossOptions {
  /** Whether the first class, the background, counts as the others; it does. */
  readonly background?: boolean;
}
