import { cannot, UsageError } from "@unet/errors";

/** The error that a setting is needed, and what it is. */
export function missingSetting(name: "model" | "data"): UsageError {
  return new UsageError(
    cannot("use", "setting", name, {
      found: "nothing",
      expected: name === "model"
        ? "a trained model"
        : "a folder or zip of images and masks",
    }),
  );
}
