import { reportAugmentations } from "@unet/augment/augmentations";
import { brief, cannot, TrainingError } from "@unet/errors";
import { entriesOf } from "./setting.ts";
import type { TrainSettings } from "./train_settings.ts";
import { trainTable } from "./train_table.ts";

/**
 * Reads the settings of a run that is to continue. People edit such files.
 *
 * @param value The settings, as JSON.
 * @param path The file, for messages.
 * @returns The settings, each of its kind.
 * @throws {TrainingError} If one is missing or not of its kind.
 */
export function parseTrainSettings(
  value: unknown,
  path: string,
): TrainSettings {
  const table = entriesOf(trainTable).filter(([, { isStored }]) => isStored);
  const before = table.filter(([, setting]) => setting.before !== undefined)
    .map(([name, setting]) => [name, setting.before]);
  const settings = {
    ...Object.fromEntries(before),
    ...(value ?? {}) as Record<string, unknown>,
  } as Record<string, unknown>;
  // Runs of the first version say whether, not how.
  if (settings.augment === true) settings.augment = reportAugmentations;
  if (settings.augment === false) settings.augment = [];
  if (Object.hasOwn(settings, "encoder")) {
    settings.network ??= settings.encoder;
    delete settings.encoder;
  }
  for (const [name, { check }] of table) {
    if (check(settings[name])) continue;
    throw new TrainingError(
      cannot("resume", "run by", path, {
        found: `setting "${name}" with ${
          name in settings ? brief(settings[name]) : "no value"
        }`,
        expected: "content that train wrote",
      }),
    );
  }
  return settings as unknown as TrainSettings;
}
