import { cannot, UsageError } from "@unet/errors";
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
    kind: "text",
    value: "UM|model",
    help:
      "the pixel size in µm that images are rescaled to, and results back " +
      "from; model takes what the network's card tells",
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
 * @param trainedFor The network's pixel size in µm, where its card tells.
 * @throws {UsageError} If a value is none.
 */
export function imageOptions(
  flags: Flags,
  trainedFor: number | undefined,
): SourceOptions {
  const channel = flags.text("channel"), plane = flags.text("plane");
  const level = flags.number("level"), time = flags.number("time");
  const pixelSize = pixelSizeOf(flags.text("pixel-size"), trainedFor);
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

function numberOr(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}
