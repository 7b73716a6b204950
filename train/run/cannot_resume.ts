import { cannot, TrainingError } from "@unet/errors";

/** The error of a checkpoint that training cannot continue from. */
export function cannotResume(
  path: string,
  found: string,
  expected: string,
  cause?: unknown,
): TrainingError {
  return new TrainingError(
    cannot("resume", "training", path, { found, expected }),
    { cause },
  );
}
