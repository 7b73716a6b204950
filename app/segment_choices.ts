import type { DeviceFacts } from "@unet/device";
import type { SegmentOptions, SourceOptions } from "@unet/infer";
import type { InstanceChoices, ReadingChoices } from "./models/reading_of.ts";
import type { DiameterChoices } from "./settings/diameter_settings.ts";
import type {
  DecisionSettings,
  InferenceSettings,
  WindowSettings,
} from "./settings/predict_settings.ts";
import type { StackSettings } from "./settings/stack_settings.ts";

/** Settings for a network's view of images and for finding objects. */
export interface PredictChoices
  extends
    ReadingChoices,
    InstanceChoices,
    Partial<DecisionSettings & InferenceSettings & WindowSettings>,
    Partial<DiameterChoices> {
  /** A run folder (its best model), a model file, or a published model. */
  readonly model: string;
}

/** Settings of a segmentation. */
export interface SegmentChoices
  extends
    Omit<PredictChoices, "plane" | "time">,
    Partial<Pick<StackSettings, "plane" | "time" | "link">>,
    Pick<
      SegmentOptions,
      | "out"
      | "formats"
      | "customFormats"
      | "intoLabels"
      | "pyramid"
      | "summary"
      | "force"
      | "resume"
      | "shard"
      | "maxPixels"
      | "command"
    >,
    Pick<SourceOptions, "imagePixelSize" | "cropBorders"> {
  /** The pixel size in µm that images are rescaled to; "model" for the card's. */
  readonly pixelSize?: number | "model";
  /**
   * What each channel of the output of another program's package is: object,
   * border or none; by default what the channels are called.
   */
  readonly outputMeaning?: readonly string[];
}

/** Events of a segmentation, and the signal that ends it. */
export interface SegmentEvents
  extends
    Pick<SegmentOptions, "onFile" | "onProgress" | "onUnlocked" | "signal"> {
  /** The device was opened. */
  readonly onDevice?: (device: DeviceFacts) => void;
  /** A line about what the model's card decided. */
  readonly onNote?: (line: string) => void;
}
