import type { PredictionInfo } from "@unet/app/kept-prediction";
import type { ObjectSettings } from "@unet/app/object-options";
import type { ImageView, ViewChoice } from "@unet/app/view";

/** What the page knows of an image that it shows. */
export interface ShownImage extends
  Omit<
    ImageView,
    "tile" | "thumbnail" | "values" | typeof Symbol.asyncDispose
  > {
  /** The image. */
  readonly name: string;
  /** Which plane and time point of it. */
  readonly choice: ViewChoice;
  /** The state of its file, and of its mask's. */
  readonly versions: {
    readonly image: string;
    readonly mask: string | null;
  };
}

/** What the page knows of an image's prediction. */
export interface ShownPrediction extends PredictionInfo {
  /** What was an object when the mask was saved. */
  readonly saved: ObjectSettings;
}
