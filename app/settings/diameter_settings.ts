import type { Diameters } from "@unet/data";
import { brief, cannot, UsageError } from "@unet/errors";
import {
  diameterLimits,
  isDiameter,
  isDiameters,
} from "@unet/infer/diameter-settings";
import type { SettingsTable } from "./setting.ts";
import { orNull, ownSetting } from "./setting_kinds.ts";

/** How large the objects of images are, and those that a model learned. */
export interface DiameterChoices {
  /**
   * The median diameter of the images' objects in pixels, auto to measure each
   * image, or off; null for auto where the model's card has diameters and no
   * pixel size is given, else for off.
   */
  readonly diameter: number | "auto" | "off" | null;
  /** The diameters that the model learned; null for the card's. */
  readonly modelDiameter: Diameters | null;
}

const group = "Prediction";
const { minimum, maximum } = diameterLimits;

/** The settings that say how large objects are. */
export const diameterSettings: SettingsTable<DiameterChoices> = {
  diameter: ownSetting<DiameterChoices["diameter"]>({
    group,
    inputs: [{
      name: "diameter",
      kind: "text",
      value: "N|auto|off",
      help: "median diameter of the images' objects in pixels, or auto to " +
        "measure each image: images with other sizes than in training are " +
        "rescaled, and the results back (default auto if " +
        "the model's card has diameters, else off)",
    }],
    read(typed) {
      const text = typed.text("diameter")!;
      if (text === "off" || text === "auto") return text;
      const value = numberOf(text);
      if (value !== undefined) return value;
      throw refused("diameter", text, `${minimum} to ${maximum}, auto or off`);
    },
    check: orNull((value) =>
      value === "off" || value === "auto" || isDiameter(value)
    ),
    default: null,
  }),
  modelDiameter: ownSetting<Diameters | null>({
    group,
    inputs: [{
      name: "model-diameter",
      kind: "text",
      value: "N|LOW,N,HIGH",
      help:
        "median diameter of the objects that the model was trained on, or " +
        "lowest, median and highest one (default half to double the " +
        "median), for " +
        "`diameter`; by default the model's card specifies it",
    }],
    read(typed) {
      const text = typed.text("model-diameter")!;
      const numbers = text.split(",").map(numberOf);
      const learned = learnedOf(numbers);
      if (learned) return learned;
      throw refused(
        "modelDiameter",
        text,
        "one number, or three from the smallest to the largest, " +
          `${minimum} to ${maximum} each`,
      );
    },
    check: orNull(isDiameters),
    default: null,
  }),
};

function learnedOf(
  numbers: readonly (number | undefined)[],
): Diameters | undefined {
  const [first, second, third] = numbers;
  const learned = numbers.length === 1 && first !== undefined
    ? {
      low: Math.max(minimum, first / 2),
      median: first,
      high: Math.min(maximum, 2 * first),
    }
    : numbers.length === 3
    ? { low: first, median: second, high: third }
    : undefined;
  return isDiameters(learned) ? learned : undefined;
}

/** A number in its range; undefined for anything else. */
function numberOf(text: string): number | undefined {
  const value = text.trim() === "" ? NaN : Number(text);
  return isDiameter(value) ? value : undefined;
}

function refused(name: string, text: string, expected: string): UsageError {
  return new UsageError(
    cannot("use", "setting", name, { found: brief(text), expected }),
  );
}
