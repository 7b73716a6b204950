import { join, resolve } from "@std/path";
import { openRun } from "@unet/train";
import { parseTrainSettings } from "./parse_train_settings.ts";
import type { TrainSettings } from "./train_settings.ts";

/**
 * The settings that may change when a run continues; they do not change its
 * result so far.
 */
export type ResumeChanges = Partial<
  Pick<
    TrainSettings,
    "epochs" | "patience" | "saveEvery" | "workers" | "device"
  >
>;

/**
 * The settings of a run that continues: its own, but for what may change.
 *
 * @param run The run folder.
 * @param changes What changes.
 * @throws {TrainingError} If the folder is no run, or its config.json is not
 * what train wrote.
 */
export async function resumedSettings(
  run: string,
  changes: ResumeChanges = {},
): Promise<TrainSettings> {
  const out = resolve(run);
  const { config } = await openRun(out);
  const settings = parseTrainSettings(
    config.settings,
    join(out, "config.json"),
  );
  const given = Object.entries(changes)
    .filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given), out, resume: true };
}
