import type { ImageChoice } from "@unet/data";
import { cannot, count, UsageError } from "@unet/errors";
import type { InstanceOptions } from "@unet/infer/instances";
import { instanceSettingNames } from "../settings/instance_limits.ts";
import type { Input } from "@unet/task";
import type { ReadingSettings } from "../settings/reading_settings.ts";
import type { CardSettings } from "./card_settings.ts";

/** Settings for the part of image files to read. */
export type ReadingChoices = Partial<
  Pick<ReadingSettings, keyof ImageChoice>
>;

/**
 * Which part of image files is read: the user's settings, else what a model
 * was trained on, else nothing.
 *
 * @param choices The user's settings; channel `null` stands for color.
 * @param card What the model's card says; nothing where there is no model.
 * @param onNote Given the line that says so, if the card decides.
 * @throws {UsageError} If a person chooses channels that the model does not
 * take.
 */
export function readingOf(
  choices: ReadingChoices,
  card?: CardSettings,
  onNote: (line: string) => void = () => {},
): ImageChoice {
  if (card) requireChannels(choices, card);
  if (given(choices.channel) && given(choices.channels)) {
    throw refused("channels", "`channel` beside it", "one of the two");
  }
  const trainedOn = card?.choice ?? {};
  const chosen = Object.fromEntries(
    (["channel", "channels", "plane", "time", "level"] as const)
      .filter((name) => choices[name] !== undefined)
      .map((name) => [name, choices[name]]),
  );
  const taken = Object.entries(trainedOn).filter(([name]) =>
    !Object.hasOwn(chosen, name)
  );
  if (taken.length > 0) {
    const said = taken.map(([name, value]) => `${name} ${value}`).join(", ");
    const names = taken.map(([name]) => `\`${name}\``).join(", ");
    onNote(`Reading ${said}, as the model was trained (${names} to change it)`);
  }
  return Object.fromEntries(
    Object.entries({ ...trainedOn, ...chosen })
      .filter(([, value]) => value !== null),
  );
}

function given<Value>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null;
}

/** Refuses channels for a network of color, and color for one of channels. */
function requireChannels(
  { channel, channels }: ReadingChoices,
  { channels: taken }: CardSettings,
): void {
  if (taken === undefined) {
    if (!given(channels)) return;
    throw refused(
      "channels",
      "a model of red, green and blue",
      "`channel` for one of them, or none",
    );
  }
  const list = taken.join(",");
  if (channel !== undefined) {
    throw refused(
      "channel",
      `a model of the channels ${list}`,
      `\`channels\` with ${count(taken.length, "channel")}`,
    );
  }
  if (!given(channels) || channels.length === taken.length) return;
  throw refused(
    "channels",
    `${channels.join(",")}, for a model of the channels ${list}`,
    `${count(taken.length, "channel")} in this order`,
  );
}

function refused(name: string, found: string, expected: string): UsageError {
  return new UsageError(cannot("use", "setting", name, { found, expected }));
}

/**
 * Reports that images are spread by their percentiles, if the model expects it:
 * dim and bright ones look alike to it.
 *
 * @param input What the model takes.
 * @param onNote Given the line.
 */
export function noteBrightness(
  { normalization }: Input,
  onNote: (line: string) => void = () => {},
): void {
  if (normalization !== "color-percentiles") return;
  onNote(
    "Brightness: each image is spread from its 1st to its 99.8th percentile, " +
      "as in training",
  );
}

/**
 * The probability above which a pixel is object: the user's settings, else
 * the model's card, else 0.5.
 *
 * @param given The user's settings.
 * @param card What the card says.
 * @param onNote Given a line if the card decides.
 */
export function thresholdOf(
  given: number | null | undefined,
  card: CardSettings,
  onNote: (line: string) => void = () => {},
): number {
  if (given !== undefined && given !== null) return given;
  if (card.threshold === undefined) return 0.5;
  onNote(`Threshold: ${card.threshold}, as the model's card has it`);
  return card.threshold;
}

/** How instances are separated; null and what is left out is the card's. */
export interface InstanceChoices {
  /** Objects of fewer pixels are left out. */
  readonly minimalArea?: number | null;
  /** Holes of at most this many pixels are filled. */
  readonly maximalHole?: number | null;
  /** How deep the dip between two peaks must be, in pixels, to split. */
  readonly depth?: number | null;
  /** The deviation of the Gaussian, in pixels, before objects are split. */
  readonly smoothing?: number | null;
  /** How much a certain border lowers the distance, in pixels. */
  readonly borderWeight?: number | null;
}

/**
 * How instances are separated: the user's settings, else the model's card.
 *
 * @param choices The user's settings.
 * @param card What the card says.
 */
export function instancesOf(
  choices: InstanceChoices,
  card: CardSettings,
): InstanceOptions {
  const given = instanceSettingNames
    .map((name) => [name, choices[name]] as const)
    .filter(([, value]) => value !== undefined && value !== null);
  return { ...card.instances, ...Object.fromEntries(given) };
}
