import type { CardSettings } from "./card_settings.ts";
import type { Flag, Flags } from "./flags.ts";

/** The flag that says what is object. */
export const thresholdFlag: Flag = {
  name: "threshold",
  kind: "number",
  minimum: 0,
  maximum: 1,
  help: "probability above which a pixel is an object; by default the " +
    "model's card specifies it, or else 0.5",
};

/**
 * The probability above which a pixel is object: what the flag says, else the
 * model's card, else 0.5.
 *
 * @param flags The command line.
 * @param card What the card tells.
 * @param tell Told if the card decides.
 */
export function thresholdOf(
  flags: Flags,
  card: CardSettings,
  tell: (line: string) => void,
): number {
  const given = flags.number("threshold");
  if (given !== undefined) return given;
  if (card.threshold === undefined) return 0.5;
  tell(`Threshold: ${card.threshold}, as the model's card has it`);
  return card.threshold;
}

/** The flag that says how often the network looks. */
export const viewsFlag: Flag = {
  name: "tta",
  kind: "choice",
  choices: ["none", "flips", "turns"],
  default: "none",
  help: "test-time augmentation: averages the results for 4 mirrored " +
    "views, or for turns, 8 mirrored and rotated ones",
};

const views = { none: 1, flips: 4, turns: 8 } as const;

/** How often the network looks at each window. */
export function viewsOf(flags: Flags): 1 | 4 | 8 {
  return views[flags.text("tta") as keyof typeof views];
}
