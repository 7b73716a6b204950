import {
  findObjectClasses,
  type MaskOptions,
  type ObjectClasses,
} from "@unet/data";
import { join } from "@std/path";
import { cannot, DatasetError } from "@unet/errors";
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

/**
 * Which class each object of data has.
 *
 * @param data The folder or zip.
 * @param names The classes, without the background; null where objects have
 * none.
 * @returns The classes of objects; none where they have none.
 * @throws {DatasetError} If the data has no table of them, or no longer.
 */
export async function objectClassesOf(
  data: string,
  names: readonly string[] | null,
): Promise<{ objectClasses?: ObjectClasses }> {
  if (names === null) return {};
  const objectClasses = await findObjectClasses(data, names);
  if (objectClasses) return { objectClasses };
  throw new DatasetError(cannot("read", "table", join(data, "classes.csv"), {
    found: "no such file",
    expected: `one with the columns image, id and class, for objects of the ` +
      `classes ${names.join(", ")}`,
    remedy: "put it back, or start a new run with `objectClasses off`",
  }));
}
