import {
  type MaskClass,
  type MaskOptions,
  maskReadings,
  type StoredValue,
} from "@unet/data/mask-options";
import { brief, briefText, cannot, UsageError } from "@unet/errors";
import { choiceChecks } from "../models/card_settings.ts";
import type { SettingsTable, Typed } from "./setting.ts";
import { choiceSetting, orNull, ownSetting } from "./setting_kinds.ts";
import { classesSetting } from "./classes_setting.ts";
import { objectClassesSetting } from "./object_classes_setting.ts";
import {
  isBackgroundValue,
  isStoredValue,
  parseStoredValue,
} from "./stored_value.ts";

/** Which part of image files is read, and what the numbers of masks mean. */
export interface ReadingSettings
  extends Required<Omit<MaskOptions, "classes">> {
  /** The classes of masks; null where their numbers are objects. */
  readonly classes: readonly MaskClass[] | null;
  /** The classes that objects have, without the background; null for none. */
  readonly objectClasses: readonly string[] | null;
  /** The channel that is read of images, or null. */
  readonly channel: number | string | null;
  /** Several channels that are read of images, each on its own, or null. */
  readonly channels: readonly (number | string)[] | null;
  /** The plane, or how planes are projected; null for the first. */
  readonly plane: number | "max" | "mean" | null;
  /** The time point; null for the first. */
  readonly time: number | null;
  /** The level of a pyramid; null for full size. */
  readonly level: number | null;
}

const shared = { group: "Data", isTried: false } as const;

/** The settings that say how images and their masks are read. */
export const readingSettings: SettingsTable<ReadingSettings> = {
  channel: ownSetting({
    ...shared,
    inputs: [{
      name: "channel",
      kind: "text",
      value: "N|NAME|max|mean|color",
      help: "one channel, counted from 0 or by its name, or the largest or " +
        "mean value of all; color reads red, green and blue",
    }],
    read: (typed) => channelOf(typed) ?? null,
    check: orNull(choiceChecks.channel.test),
    default: null,
    before: null,
  }),
  channels: ownSetting<readonly (number | string)[] | null>({
    ...shared,
    inputs: [{
      name: "channels",
      kind: "text",
      value: "N|NAME[,…]",
      help: "one or more channels, by number or name, such as DAPI,actin, " +
        "each normalized by its own percentiles",
    }],
    read: (typed) => channelsOf(typed.text("channels")!),
    check: orNull(choiceChecks.channels.test),
    default: null,
    before: null,
  }),
  plane: ownSetting({
    ...shared,
    inputs: [{
      name: "plane",
      kind: "text",
      value: "N|max|mean",
      help: "one plane of a stack, counted from 0, or a projection of all",
    }],
    read: (typed) => planeOf(typed),
    check: orNull(choiceChecks.plane.test),
    default: null,
    before: null,
  }),
  time: ownSetting({
    ...shared,
    inputs: [{
      name: "time",
      kind: "whole",
      minimum: 0,
      maximum: 1e9,
      help: "one time point of a series, counted from 0",
    }],
    read: (typed) => typed.number("time"),
    check: orNull(choiceChecks.time.test),
    default: null,
    before: null,
  }),
  level: ownSetting({
    ...shared,
    inputs: [{
      name: "level",
      kind: "whole",
      minimum: 0,
      maximum: 64,
      help: "the level of a pyramid, 0 for full size",
    }],
    read: (typed) => typed.number("level"),
    check: orNull(choiceChecks.level.test),
    default: null,
    before: null,
  }),
  mask: choiceSetting({
    ...shared,
    name: "mask",
    choices: maskReadings,
    default: "auto",
    before: "auto",
    help: "what counts as an object: labels, each number in a mask; binary, " +
      "each connected region; auto decides for each mask",
  }),
  background: ownSetting({
    ...shared,
    inputs: [{
      name: "background",
      kind: "text",
      value: "N[,N…]",
      default: "0",
      help: "numbers in masks that are background, such as 255 or 0,255; in " +
        "colored masks also #RRGGBB",
    }],
    read: (typed) => parseBackground(typed.text("background")!),
    check: (value) =>
      Array.isArray(value) && value.length > 0 &&
      value.every(isBackgroundValue),
    default: [0],
    before: [0],
  }),
  classes: classesSetting,
  objectClasses: objectClassesSetting,
  ignore: ownSetting({
    ...shared,
    inputs: [
      {
        name: "ignore",
        kind: "text",
        value: "N[,N…]",
        help: "numbers in masks that mean unlabeled, such as 255; in colored " +
          "masks also #RRGGBB, in float masks also nan. Such pixels count in " +
          "neither loss nor scores",
      },
      {
        name: "sparse",
        kind: "switch",
        help: "short for `ignore 0`, for masks with only some pixels " +
          "labeled: objects also need `background N`, classes are numbered " +
          "from 1",
      },
    ],
    read: (typed) =>
      typed.on("sparse") ? [0] : parseValues(typed.text("ignore")!, "ignore"),
    check: (value) => Array.isArray(value) && value.every(isStoredValue),
    default: [],
    before: [],
  }),
};

/** Which part of image files is read. */
export type ChoiceSettings = Omit<
  ReadingSettings,
  keyof MaskOptions | "objectClasses"
>;

const { mask: _m, background: _b, classes: _c, ...others } = readingSettings;
const { objectClasses: _o, ignore: _i, ...choice } = others;

/** The settings that say which part of image files is read. */
export const choiceSettings: SettingsTable<ChoiceSettings> = choice;

function channelOf(typed: Typed): number | string | undefined {
  const text = typed.text("channel");
  return text === undefined || text === "color" ? undefined : numberOr(text);
}

function channelsOf(text: string): (number | string)[] {
  const channels = text.split(",").map((part) => numberOr(part.trim()));
  if (choiceChecks.channels.test(channels)) return channels;
  throw new UsageError(cannot("use", "setting", "channels", {
    found: `"${briefText(text)}"`,
    expected: `${choiceChecks.channels.expected}, such as DAPI,actin or 0,2`,
  }));
}

function planeOf(typed: Typed): number | "max" | "mean" | undefined {
  const text = typed.text("plane");
  if (text === undefined || text === "max" || text === "mean") return text;
  if (text === "all") {
    throw new UsageError(cannot("use", "setting", "plane", {
      found: '"all"',
      expected: "a whole number from 0, max or mean",
      remedy: "`plane all` is for segment, which writes a stack",
    }));
  }
  const plane = numberOr(text);
  if (typeof plane === "number") return plane;
  throw new UsageError(cannot("use", "setting", "plane", {
    found: brief(text),
    expected: "a whole number from 0, max or mean",
  }));
}

function numberOr(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function parseBackground(text: string): StoredValue[] {
  const values = parseValues(text, "background");
  const word = values.find((value) => !isBackgroundValue(value));
  if (word === undefined) return values;
  throw new UsageError(cannot("use", "setting", "background", {
    found: brief(String(word)),
    expected: "numbers or colors",
    remedy: "non-finite pixels are background anyway",
  }));
}

function parseValues(text: string, setting: string): StoredValue[] {
  const values = text.split(",").map((part) => parseStoredValue(part));
  const stranger = values.find((value) => !isStoredValue(value));
  if (stranger === undefined) return values;
  throw new UsageError(cannot("use", "setting", setting, {
    found: brief(String(stranger)),
    expected: "numbers, such as 255 or 0,255, or colors, such as #440154" +
      (setting === "ignore" ? ", or nan" : ""),
  }));
}
