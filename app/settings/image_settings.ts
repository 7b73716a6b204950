import { brief, cannot, UsageError } from "@unet/errors";
import type { SegmentChoices } from "../segment_choices.ts";
import type { SettingsTable } from "./setting.ts";
import { numberSetting, ownSetting, switchSetting } from "./setting_kinds.ts";

/** How large the pixels of images are, and whether margins are skipped. */
export interface ImageSettings {
  /** The pixel size in µm that images are rescaled to; null for none. */
  readonly pixelSize: NonNullable<SegmentChoices["pixelSize"]> | null;
  /** The pixel size of the images in µm; null for that in the files. */
  readonly imagePixelSize: number | null;
  /** Whether empty margins are skipped. */
  readonly cropBorders: boolean;
}

const smallest = 1e-4, largest = 1e4;

/** The settings that say how large pixels are, and what margins are. */
export const imageSettings: SettingsTable<ImageSettings> = {
  pixelSize: ownSetting<ImageSettings["pixelSize"]>({
    group: "Data",
    inputs: [{
      name: "pixel-size",
      kind: "text",
      value: "UM|model",
      help: "pixel size in µm that images are rescaled to, and the results " +
        "back; model uses that of the model's card",
    }],
    read(typed) {
      const text = typed.text("pixel-size")!;
      if (text === "model") return text;
      const value = text.trim() === "" ? NaN : Number(text);
      if (isPixelSize(value)) return value;
      throw new UsageError(cannot("use", "setting", "pixel-size", {
        found: brief(text),
        expected: "µm per pixel, such as 0.5, or model",
        remedy: "give a number from 0.0001 to 10000",
      }));
    },
    check: (value) => value === null || value === "model" || isPixelSize(value),
    default: null,
  }),
  imagePixelSize: numberSetting<number | null>({
    group: "Data",
    name: "image-pixel-size",
    minimum: smallest,
    maximum: largest,
    value: "UM",
    help: "pixel size of the images in µm, instead of that in the files",
  }),
  cropBorders: switchSetting({
    group: "Data",
    name: "crop-borders",
    help: "skips the empty margins of an acquisition, which become " +
      "background",
  }),
};

function isPixelSize(value: unknown): boolean {
  return typeof value === "number" && value >= smallest && value <= largest;
}
