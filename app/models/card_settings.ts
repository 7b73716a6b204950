import { brief, cannot, ModelError } from "@unet/errors";
import type { Diameters, ImageChoice } from "@unet/data";
import {
  diameterLimits,
  isDiameter,
  isDiameters,
} from "@unet/infer/diameter-settings";
import type { InstanceOptions } from "@unet/infer/instances";
import type { SavedModel } from "@unet/model";
import { hasChosenChannels, isChannelName } from "@unet/task";
import { instanceLimits } from "../settings/instance_limits.ts";

/** Settings in a model's card. */
export interface CardSettings {
  /** The pixel size in µm that it was trained for, where the card specifies it. */
  readonly pixelSize?: number;
  /** The probability above which a pixel is object, where it specifies it. */
  readonly threshold?: number;
  /** How instances are separated, where it specifies it. */
  readonly instances: InstanceOptions;
  /**
   * The median diameters of objects that it was trained on, in pixels: the 5th,
   * 50th and 95th percentile over tiles. Models of before lack it.
   */
  readonly diameters?: Diameters;
  /** How images are brought to these where nobody decides, if it says so. */
  readonly diameter?: number | "auto" | "off";
  /** Which part of image files it was trained on, where that was chosen. */
  readonly choice?: ImageChoice;
  /** The channels that it takes, where it takes no color. */
  readonly channels?: readonly string[];
}

const wholeFrom0 = "a whole number from 0";

/** What a choice may hold, and how that is worded. */
export const choiceChecks: Readonly<
  Record<
    keyof ImageChoice,
    { test(value: unknown): boolean; readonly expected: string }
  >
> = {
  channel: {
    test: (value) =>
      isCount(value) ||
      typeof value === "string" && value !== "" && value.length <= 1000,
    expected: `${wholeFrom0}, a name, max or mean`,
  },
  channels: {
    test: (value) =>
      Array.isArray(value) && value.length >= 1 && value.length <= 128 &&
      value.every((one) => isCount(one) || isChannelName(one)) &&
      new Set(value).size === value.length,
    expected: "1 to 128 numbers from 0 or names, each once",
  },
  plane: {
    test: (value) => isCount(value) || value === "max" || value === "mean",
    expected: `${wholeFrom0}, max or mean`,
  },
  time: { test: isCount, expected: wholeFrom0 },
  level: { test: isCount, expected: wholeFrom0 },
};

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * Reads what a model's card says of how it is to be used. A card is read from
 * a file, so nothing in it is expected to be there; but what would be used is
 * checked.
 *
 * @param saved The model.
 * @throws {ModelError} If a setting in it cannot be.
 */
export function cardSettings(
  { path, card, plan: { task } }: SavedModel,
): CardSettings {
  const bad = (name: string, found: unknown, expected: string): ModelError =>
    new ModelError(
      cannot("use", "card of model", path, {
        found: `${name} ${brief(found)}`,
        expected,
      }),
    );
  const { pixelScale, threshold, instances = {}, reading = {} } = card;
  const { diameters, diameter } = card, { minimum, maximum } = diameterLimits;
  if (diameters !== undefined && !isDiameters(diameters)) {
    throw bad(
      "diameters",
      diameters,
      `low, median and high, ${minimum} to ${maximum} in order`,
    );
  }
  if (diameter !== undefined && !isDiameterChoice(diameter)) {
    throw bad("diameter", diameter, `${minimum} to ${maximum}, auto or off`);
  }
  if (threshold !== undefined && !isWithin(threshold, 1)) {
    throw bad("threshold", threshold, "0 to 1");
  }
  if (!isRecord(instances)) {
    throw bad("instances", instances, "settings by name");
  }
  for (const [name, value] of Object.entries(instances)) {
    const largest = Object.hasOwn(instanceLimits, name)
      ? instanceLimits[name as keyof typeof instanceLimits]
      : undefined;
    if (largest === undefined) {
      const known = Object.keys(instanceLimits).join(", ");
      throw bad("instances with", name, known);
    }
    if (!isWithin(value, largest)) throw bad(name, value, `0 to ${largest}`);
    if (isArea(name) && !isCount(value)) throw bad(name, value, wholeFrom0);
  }
  if (!isPixelScale(pixelScale)) {
    throw bad("pixelScale", pixelScale, "µm per pixel above 0, or null");
  }
  if (!isRecord(reading)) throw bad("reading", reading, "choices by name");
  for (const [name, value] of Object.entries(reading)) {
    const check = Object.hasOwn(choiceChecks, name)
      ? choiceChecks[name as keyof ImageChoice]
      : undefined;
    if (!check) {
      const known = Object.keys(choiceChecks).join(", ");
      throw bad("reading with", name, known);
    }
    if (!check.test(value)) throw bad(name, value, check.expected);
  }
  const channels = hasChosenChannels(task.input)
    ? task.input.channels.map(({ name }) => name)
    : undefined;
  const kept = reading.channels as ImageChoice["channels"];
  if (
    kept && kept.length !== channels?.length || channels &&
      reading.channel !== undefined
  ) {
    throw bad(
      "reading with",
      kept ? { channels: kept } : { channel: reading.channel },
      `what the network takes: ${channels?.join(", ") ?? "color"}`,
    );
  }
  const choice = {
    ...reading,
    ...(channels && { channels: kept ?? channels }),
  };
  return {
    instances,
    ...(Object.keys(choice).length > 0 && { choice }),
    ...(channels && { channels }),
    ...(threshold !== undefined && { threshold }),
    ...(diameters !== undefined && { diameters }),
    ...(diameter !== undefined && { diameter }),
    ...(typeof pixelScale === "number" && { pixelSize: pixelScale }),
  };
}

/** Whether a setting counts pixels, of which there is no half. */
function isArea(name: string): boolean {
  return name === "minimalArea" || name === "maximalHole";
}

/** Whether a card may have it as its pixel size; it may have none. */
function isPixelScale(value: unknown): value is number | null | undefined {
  return value === undefined || value === null ||
    typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isDiameterChoice(value: unknown): value is number | "auto" | "off" {
  return value === "auto" || value === "off" || isDiameter(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, largest: number): value is number {
  return typeof value === "number" && value >= 0 && value <= largest;
}
