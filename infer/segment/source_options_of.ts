import { colorNormalizationOf } from "../windows/predict.ts";
import type { SourceOptions } from "./open_source.ts";
import type { SegmentOptions } from "./segment_options.ts";
import { onePlane } from "./stack_settings.ts";

/** How images, or planes of stacks, are opened for a network. */
export function sourceOptionsOf(
  { settings = {}, maxPixels, predict }: Pick<
    SegmentOptions,
    "settings" | "maxPixels" | "predict"
  >,
): SourceOptions {
  const normalization = colorNormalizationOf(predict);
  return {
    ...onePlane(settings),
    ...(normalization && { normalization }),
    ...(predict.fit && { fit: predict.fit }),
    ...(maxPixels !== undefined && { maxPixels }),
  };
}
