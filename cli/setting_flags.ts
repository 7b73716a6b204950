import {
  choiceSettings,
  decisionSettings,
  diameterSettings,
  inferenceSettings,
  inputsOf,
  instanceSettings,
  networkSettings,
  readingSettings,
  type SettingGroup,
  type SettingsTable,
  stackSettings,
  trainTable,
  windowSettings,
} from "@unet/app/settings";
import type { FlagGroup } from "./command.ts";
import type { Flag } from "./flags.ts";
import { wordSettings } from "./word_settings.ts";

/**
 * The flags of settings, their help worded for a command line.
 *
 * @param table The settings.
 * @param group The only subject that is wanted; all where none is named.
 */
export function flagsOfSettings<Settings>(
  table: SettingsTable<Settings>,
  group?: SettingGroup,
): Flag[] {
  return inputsOf(table, group)
    .map((input) => ({ ...input, help: wordSettings(input.help) }));
}

const { mask, background, classes, objectClasses, ignore } = readingSettings;

/** The flags that say which part of an image file is read. */
export const choiceFlags: readonly Flag[] = flagsOfSettings(choiceSettings);

/** The flags that say which part of an image file is segmented. */
export const stackFlags: readonly Flag[] = flagsOfSettings(stackSettings);

/** The flags that say what the numbers of masks mean. */
export const maskFlags: readonly Flag[] = flagsOfSettings({
  ...{ mask, background, classes, objectClasses, ignore },
});

/** The flags that say which network. */
export const networkFlags: FlagGroup = {
  title: "Network",
  flags: flagsOfSettings(networkSettings),
};

/** The flags that say what computes a training. */
export const machineFlags: FlagGroup = {
  title: "Machine",
  flags: flagsOfSettings(trainTable, "Machine"),
};

/** The flags that say what computes where nothing is trained. */
export const inferenceFlags: FlagGroup = {
  title: "Machine",
  flags: flagsOfSettings(inferenceSettings),
};

/** The flags that say how an image is cut for the network. */
export const windowFlags: readonly Flag[] = flagsOfSettings(windowSettings);

const [threshold, views] = flagsOfSettings(decisionSettings);

/** The flag that says what is object. */
export const thresholdFlag: Flag = threshold!;

/** The flag that says how often the network looks. */
export const viewsFlag: Flag = views!;

/** The flags that say how large objects are. */
export const diameterFlags: readonly Flag[] = flagsOfSettings(diameterSettings);

/** The flags that say how instances are separated. */
export const instanceSettingFlags: readonly Flag[] = flagsOfSettings(
  instanceSettings,
);
