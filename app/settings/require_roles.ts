import { groupOfKey } from "./shares_setting.ts";
import { sourcesOf } from "./data_sources.ts";
import { refusedSetting } from "./refused_setting.ts";
import { rolesToUse } from "./roles_to_use.ts";
import type { TrainChoices, TrainSettings } from "./train_settings.ts";

/**
 * Refuses roles and shares that contradict other choices.
 *
 * @param given The user's settings.
 * @param settings The settings that it led to.
 * @throws {UsageError} If choices contradict one another.
 */
export function requireRoles(
  given: TrainChoices,
  settings: TrainSettings,
): void {
  const { data, roles, shares } = settings;
  const isGiven = (name: keyof TrainChoices): boolean =>
    (given[name] ?? null) !== null;
  const ofRoles = ["roles", "trainRole", "validationRole", "shares"] as const;
  const without = ofRoles.find(isGiven);
  if (data === null && without !== undefined) {
    throw refusedSetting(
      without,
      "images that the program draws",
      "those of `data`",
    );
  }
  if (roles === null) {
    const role = (["trainRole", "validationRole"] as const).find(isGiven);
    if (role !== undefined) {
      throw refusedSetting(role, "no roles", "`roles` beside it");
    }
  } else {
    const isAll = given.validation === 0;
    if (isAll && isGiven("validationRole")) {
      throw refusedSetting(
        "validationRole",
        "`validation 0`, which validates on no image",
        "one of the two",
      );
    }
    const other = (["validation", "test", "splitSeed"] as const)
      .find((name) => isGiven(name) && !(isAll && name === "validation"));
    if (other !== undefined) {
      throw refusedSetting(
        other,
        "`roles` beside it, which decide the split",
        "one of the two",
      );
    }
    const { train, validation } = rolesToUse(settings);
    if (train === validation) {
      throw refusedSetting(
        "validationRole",
        "the role of the images to train on",
        "another",
      );
    }
  }
  const names = sourcesOf(data).map(({ name }) => name);
  const stranger = Object.keys(shares ?? {}).map(groupOfKey)
    .find(({ source }) => !names.includes(source));
  if (stranger !== undefined) {
    throw refusedSetting(
      "shares",
      `"${stranger.source}"`,
      `names of data sets: ${names.join(", ")}`,
    );
  }
}
