/** How the Dice loss counts overlap. */
export interface DiceLossOptions {
  /**
   * Added to numerator and denominator, above 0; 1e-5 by default, as in MONAI.
   * A larger one, such as 1, softens the loss on small and empty masks.
   */
  readonly smoothing?: number;
  /**
   * Whether overlap is counted over the whole batch at once, the default, as
   * in segmentation_models.pytorch, or for each image, and then averaged, as
   * in MONAI. Over the batch, a tile with one small object weighs little; for
   * each image, it weighs as much as a full one.
   */
  readonly over?: "batch" | "image";
}
