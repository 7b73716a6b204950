import type { SourceOptions } from "@unet/infer";
import type { Flag, Flags } from "./flags.ts";

/** The flags that say what of an image file is seen, and how large. */
export const imageFlags: readonly Flag[] = [
  {
    name: "level",
    kind: "whole",
    minimum: 0,
    maximum: 64,
    help: "the level of a pyramid, 0 for full size",
  },
  {
    name: "channel",
    kind: "text",
    value: "N|NAME|max|mean",
    help: "one channel, counted from 0 or by its name, or all in one",
  },
  {
    name: "plane",
    kind: "text",
    value: "N|max|mean",
    help: "one plane of a stack, counted from 0, or all in one",
  },
  {
    name: "time",
    kind: "whole",
    minimum: 0,
    maximum: 1e9,
    help: "one time of a series, counted from 0",
  },
  {
    name: "pixel-size",
    kind: "number",
    minimum: 1e-4,
    maximum: 1e4,
    value: "UM",
    help: "the pixel size in µm that the network was trained for; images are " +
      "rescaled to it, and results back",
  },
  {
    name: "image-pixel-size",
    kind: "number",
    minimum: 1e-4,
    maximum: 1e4,
    value: "UM",
    help: "the images' pixel size in µm, instead of what the files tell",
  },
  {
    name: "crop-borders",
    kind: "switch",
    help: "leaves out the empty margins of an acquisition, which stay " +
      "background",
  },
  {
    name: "max-pixels",
    kind: "whole",
    minimum: 1,
    maximum: 2 ** 40,
    help: "the most pixels of an image that cannot be read in pieces",
  },
];

/**
 * What the flags of {@linkcode imageFlags} say.
 *
 * @param flags The command line.
 * @throws {UsageError} If a value is none.
 */
export function imageOptions(flags: Flags): SourceOptions {
  const channel = flags.text("channel"), plane = flags.text("plane");
  const level = flags.number("level"), time = flags.number("time");
  const pixelSize = flags.number("pixel-size");
  const imagePixelSize = flags.number("image-pixel-size");
  const maxPixels = flags.number("max-pixels");
  return {
    ...(level !== undefined && { level }),
    ...(channel !== undefined && { channel: numberOr(channel) }),
    ...(plane !== undefined && { plane: numberOr(plane) as number }),
    ...(time !== undefined && { time }),
    ...(pixelSize !== undefined && { pixelSize }),
    ...(imagePixelSize !== undefined && { imagePixelSize }),
    ...(maxPixels !== undefined && { maxPixels }),
    cropBorders: flags.on("crop-borders"),
  };
}

function numberOr(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}
