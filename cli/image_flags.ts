import { cannot, UsageError } from "@unet/errors";
import type { CardSettings } from "./card_settings.ts";
import { choiceFlags, choiceOf } from "./choice_flags.ts";
import type { SourceOptions } from "@unet/infer";
import type { Flag, Flags } from "./flags.ts";

/** The flags that say what of an image file is seen, and how large. */
export const imageFlags: readonly Flag[] = [
  ...choiceFlags,
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

/**
 * What the flags of {@linkcode imageFlags} say.
 *
 * @param flags The command line.
 * @param card What the model's card says.
 * @param say Given the line that says what the card decides.
 * @throws {UsageError} If a value is none.
 */
export function imageOptions(
  flags: Flags,
  card: CardSettings,
  say: (line: string) => void,
): SourceOptions {
  const pixelSize = pixelSizeOf(flags.text("pixel-size"), card.pixelSize);
  const imagePixelSize = flags.number("image-pixel-size");
  const maxPixels = flags.number("max-pixels");
  return {
    ...choiceOf(flags, card.choice, say),
    ...(pixelSize !== undefined && { pixelSize }),
    ...(imagePixelSize !== undefined && { imagePixelSize }),
    ...(maxPixels !== undefined && { maxPixels }),
    cropBorders: flags.on("crop-borders"),
  };
}

function pixelSizeOf(
  text: string | undefined,
  trainedFor: number | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const bad = (found: string, remedy: string): UsageError =>
    new UsageError(
      cannot("use", "flag", "--pixel-size", {
        found,
        expected: "µm a pixel, as in 0.5, or model",
        remedy,
      }),
    );
  if (text === "model") {
    if (trainedFor !== undefined) return trainedFor;
    throw bad("a network whose card tells none", "give a number");
  }
  const value = Number(text);
  if (text.trim() !== "" && value >= 1e-4 && value <= 1e4) return value;
  throw bad(`"${text}"`, "give a number from 0.0001 to 10000");
}
