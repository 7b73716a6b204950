import { cannot, UsageError } from "@unet/errors";
import type { DiameterSettings } from "@unet/infer/diameter-settings";
import type { DiameterChoices } from "../settings/diameter_settings.ts";
import { instanceSettingNames } from "../settings/instance_limits.ts";
import type { CardSettings } from "./card_settings.ts";
import type { InstanceChoices } from "./reading_of.ts";

/** Settings for the size of objects, and their effects. */
type Choices = Partial<DiameterChoices> & InstanceChoices & {
  /** The pixel size in µm that images are rescaled to. */
  readonly pixelSize?: number | undefined;
};

/**
 * How images are brought to the size of objects that a model learned: what a
 * person decides, by what the model's card says that it learned. If nobody
 * decides, the card does; if it does not, and has diameters, images are
 * measured, but for those that are rescaled to a pixel size.
 *
 * @param choices The user's settings.
 * @param card What the card says.
 * @param onNote Given a line if images are measured, or the card decides.
 * @returns Nothing where images are seen as they are.
 * @throws {UsageError} If nobody says what the model learned.
 */
export function diameterOf(
  choices: Choices,
  card: CardSettings,
  onNote: (line: string) => void = () => {},
): DiameterSettings | undefined {
  const { diameter, modelDiameter, pixelSize } = choices;
  const isOpen = (diameter ?? null) === null && pixelSize === undefined;
  const ofCard = isOpen && !modelDiameter ? card.diameter : undefined;
  const usual = isOpen && card.diameters ? "auto" : "off";
  const wanted = diameter ?? ofCard ?? usual;
  if (ofCard === "off") {
    onNote(
      "Diameter: images are seen as they are, as the model was trained " +
        "(`diameter auto` measures them)",
    );
  }
  if (wanted === "off") {
    if (!modelDiameter) return undefined;
    throw new UsageError(cannot("use", "setting", "modelDiameter", {
      found: "no `diameter` beside it",
      expected: "that of the images' objects",
    }));
  }
  const learned = modelDiameter ?? card.diameters;
  if (!learned) {
    throw new UsageError(cannot("use", "setting", "diameter", {
      found: "a model without diameters in its card",
      expected: "the diameters that it was trained on",
      remedy: "give the median of its training images as `modelDiameter`",
    }));
  }
  if (wanted === "auto") {
    onNote(
      `Diameter: measured in each image; the model knows ${learned.low} to ` +
        `${learned.high} px (\`diameter off\` leaves images as they are)`,
    );
  }
  // What a person gives is in pixels of the images.
  const kept = instanceSettingNames.filter((name) =>
    (choices[name] ?? null) !== null
  );
  return { wanted, ...learned, ...(kept.length > 0 && { kept }) };
}
