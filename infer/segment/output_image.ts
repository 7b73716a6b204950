import type { OutputImage, OutputStyle } from "../formats/format.ts";
import type { ClassHead } from "../windows/class_head.ts";
import { nameOfImage } from "./name_of_image.ts";
import type { Source } from "./open_source.ts";
import type { ResultSettings } from "./segment_options.ts";
import { onePlane } from "./stack_settings.ts";

/** What outputs of an image are made with. */
export interface ImageOutputs extends OutputStyle {
  /** How the image was read. */
  readonly settings?: ResultSettings;
  /** The network's head of classes, where it has one. */
  readonly classHead?: ClassHead;
  /** The channels that instances are measured in. */
  readonly channels: readonly string[];
}

/** An image, or a stack, as the writers of its outputs need it. */
export function outputImageOf(
  { image, pixelSize, stack }: Pick<Source, "image" | "pixelSize" | "stack">,
  { settings = {}, classHead, ...others }: ImageOutputs,
): OutputImage {
  const { path, width, height, level } = image;
  const { plane, time } = onePlane(settings);
  return {
    ...{ name: nameOfImage(path), path, width, height, ...others },
    part: {
      level,
      ...(plane !== undefined && { plane }),
      ...(time !== undefined && { time }),
    },
    ...(pixelSize && { pixelSize }),
    ...(classHead && { classHead }),
    ...(stack && { stack: { axis: stack.axis, count: stack.count } }),
  };
}
