import {
  completeTrainSettings,
  readSettings,
  resumedSettings,
  type TrainSettings,
  trainTable,
} from "@unet/app";
import { cannot, UsageError } from "@unet/errors";
import type { Flags } from "./flags.ts";

/** The settings of a new training that flags ask for. */
export async function settingsOf(flags: Flags): Promise<TrainSettings> {
  return await completeTrainSettings(readSettings(trainTable, flags));
}

/** Flags that may accompany `--resume`: they change no result so far. */
const resumable = [
  ...[
    "resume",
    "epochs",
    "patience",
    "save-every",
    "workers",
    "device",
    "offline",
  ],
];

/** The settings of a run that continues. */
export async function resumeSettings(flags: Flags): Promise<TrainSettings> {
  const other = flags.names.find((name) => !resumable.includes(name));
  if (other !== undefined) {
    throw new UsageError(
      cannot("use", "flag", `--${other}`, {
        found: "--resume, which continues with the run's own settings",
        expected: `only ${resumable.map((one) => `--${one}`).join(", ")}`,
      }),
    );
  }
  return await resumedSettings(
    flags.required("resume"),
    readSettings(trainTable, flags),
  );
}
