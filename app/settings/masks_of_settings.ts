import type { MaskOptions } from "@unet/data";
import type { ReadingSettings } from "./reading_settings.ts";

/** What settings say of the numbers of masks. */
export function masksOfSettings(
  { mask, background, classes, ignore }: Pick<
    ReadingSettings,
    "mask" | "background" | "classes" | "ignore"
  >,
): MaskOptions {
  return {
    ...(classes ? { classes } : { mask, background }),
    ...(ignore.length > 0 && { ignore }),
  };
}
