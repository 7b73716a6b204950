import { cannot, UsageError } from "@unet/errors";
import type { SegmentChoices } from "@unet/app";
import type { Flag, Flags } from "./flags.ts";
import { stackFlags } from "./setting_flags.ts";

/** The flags that say what of an image file is seen, and how large. */
export const imageFlags: readonly Flag[] = [
  ...stackFlags,
  {
    name: "crop-borders",
    kind: "switch",
    help: "skips the empty margins of an acquisition, which become " +
      "background",
  },
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
export const pixelSizeFlags: readonly Flag[] = [
  {
    name: "pixel-size",
    kind: "text",
    value: "UM|model",
    help: "pixel size in µm that images are rescaled to, and the results " +
      "back; model uses that of the model's card",
  },
  {
    name: "image-pixel-size",
    kind: "number",
    minimum: 1e-4,
    maximum: 1e4,
    value: "UM",
    help: "pixel size of the images in µm, instead of that in the files",
  },
];

/**
 * What the flags of {@linkcode imageFlags} and {@linkcode pixelSizeFlags} say,
 * but for the part of an image.
 *
 * @param flags The command line.
 * @throws {UsageError} If a value is none.
 */
export function imageOptions(
  flags: Flags,
): Pick<
  SegmentChoices,
  "pixelSize" | "imagePixelSize" | "maxPixels" | "cropBorders"
> {
  const pixelSize = pixelSizeOf(flags.text("pixel-size"));
  const imagePixelSize = flags.number("image-pixel-size");
  const maxPixels = flags.number("max-pixels");
  return {
    ...(pixelSize !== undefined && { pixelSize }),
    ...(imagePixelSize !== undefined && { imagePixelSize }),
    ...(maxPixels !== undefined && { maxPixels }),
    cropBorders: flags.on("crop-borders"),
  };
}

function pixelSizeOf(text: string | undefined): number | "model" | undefined {
  if (text === undefined || text === "model") return text;
  const value = Number(text);
  if (text.trim() !== "" && value >= 1e-4 && value <= 1e4) return value;
  throw new UsageError(
    cannot("use", "flag", "--pixel-size", {
      found: `"${text}"`,
      expected: "µm per pixel, such as 0.5, or model",
      remedy: "give a number from 0.0001 to 10000",
    }),
  );
}
