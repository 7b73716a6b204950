import type { SegmentChoices } from "@unet/app";
import { imageSettings, readSettings } from "@unet/app/settings";
import type { Flag, Flags } from "./flags.ts";
import { flagsOfSettings, stackFlags } from "./setting_flags.ts";

const [pixelSize, imagePixelSize, cropBorders] = flagsOfSettings(imageSettings);

/** The flags that say what of an image file is seen, and how large. */
export const imageFlags: readonly Flag[] = [
  ...stackFlags,
  cropBorders!,
  {
    name: "max-pixels",
    kind: "whole",
    minimum: 1,
    maximum: 2 ** 40,
    help: "largest image, in pixels, of formats that cannot be read in " +
      "pieces",
  },
];

/** The flags that say how large a pixel is. */
export const pixelSizeFlags: readonly Flag[] = [pixelSize!, imagePixelSize!];

type ImageChoices = Pick<
  SegmentChoices,
  "pixelSize" | "imagePixelSize" | "maxPixels" | "cropBorders"
>;

/**
 * What the flags of {@linkcode imageFlags} and {@linkcode pixelSizeFlags} say,
 * but for the part of an image.
 *
 * @param flags The command line.
 * @throws {UsageError} If a value is none.
 */
export function imageOptions(
  flags: Flags,
): ImageChoices {
  const maxPixels = flags.number("max-pixels");
  return {
    ...readSettings(imageSettings, flags),
    ...(maxPixels !== undefined && { maxPixels }),
  } as ImageChoices;
}
