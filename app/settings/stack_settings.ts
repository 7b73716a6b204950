import { brief, cannot, UsageError } from "@unet/errors";
import { choiceChecks } from "../models/card_settings.ts";
import { type ChoiceSettings, choiceSettings } from "./reading_settings.ts";
import type { SettingsTable } from "./setting.ts";
import { numberSetting, orNull, ownSetting } from "./setting_kinds.ts";

/** Which part of image files is segmented, and what links its planes. */
export interface StackSettings extends Omit<ChoiceSettings, "plane" | "time"> {
  /** The plane, how planes are projected, or all; null for the first. */
  readonly plane: ChoiceSettings["plane"] | "all";
  /** The time point, or all; null for the first. */
  readonly time: number | "all" | null;
  /** The overlap that links objects of neighboring planes; null for none. */
  readonly link: number | null;
}

const { plane, time, level, ...others } = choiceSettings;

/** The settings that say which part of image files is segmented. */
export const stackSettings: SettingsTable<StackSettings> = {
  ...others,
  plane: ownSetting({
    ...plane,
    inputs: [{
      ...plane.inputs[0]!,
      value: "N|max|mean|all",
      help: "one plane of a stack, counted from 0, a projection of all, or " +
        "all one after another, into outputs with as many planes",
    }],
    read: (typed) => {
      const text = typed.text("plane");
      if (text === "all") return text;
      if (text === undefined || /^(\d{1,9}|max|mean)$/.test(text)) {
        return plane.read(typed);
      }
      throw new UsageError(cannot("use", "setting", "plane", {
        found: brief(text),
        expected: "a whole number from 0, max, mean or all",
      }));
    },
    check: (value) => value === "all" || plane.check(value),
  }),
  time: ownSetting({
    ...time,
    inputs: [{
      name: "time",
      kind: "text",
      value: "N|all",
      help: "one time point of a series, counted from 0, or all one after " +
        "another, into outputs with as many time points",
    }],
    read: (typed) => {
      const text = typed.text("time");
      if (text === undefined || text === "all") return text;
      if (/^\d{1,9}$/.test(text)) return Number(text);
      throw new UsageError(cannot("use", "setting", "time", {
        found: brief(text),
        expected: "a whole number from 0, or all",
      }));
    },
    check: orNull((value) => value === "all" || choiceChecks.time.test(value)),
  }),
  level,
  link: numberSetting<number | null>({
    group: "Data",
    name: "link",
    minimum: 0.01,
    maximum: 1,
    bare: "0.25",
    help:
      "with `plane all` or `time all`, links objects of consecutive planes " +
      "with at least this intersection over union (0.25 without N) and " +
      "gives them one number",
  }),
};
