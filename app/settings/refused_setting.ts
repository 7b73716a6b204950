import { cannot, UsageError } from "@unet/errors";

/** The error for a setting that does not go with the others. */
export function refusedSetting(
  name: string,
  found: string,
  expected: string,
): UsageError {
  return new UsageError(cannot("use", "setting", name, { found, expected }));
}
