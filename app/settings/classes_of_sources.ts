import type { MaskClass } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { chooseClasses, chooseObjectClasses } from "./choose_classes.ts";
import type { DataSource } from "./data_sources.ts";

/** The classes that sources share. */
export interface SharedClasses {
  /** The classes of masks; null where their numbers are objects. */
  readonly classes: readonly MaskClass[] | null;
  /** The classes of objects without the background; null where they have none. */
  readonly objectClasses: readonly string[] | null;
}

/**
 * The classes of masks and objects: the user's settings, else what the
 * sources say themselves, all of them alike.
 *
 * @param sources The sources; none where the program draws images.
 * @param named The user's settings; empty lists for none.
 * @param remedyOf What a person can do where sources differ in a setting; the
 * setting may be off by default.
 * @throws {UsageError} If sources have other classes than the first.
 * @throws {DatasetError} If a source names no right classes.
 */
export async function classesOfSources(
  sources: readonly DataSource[],
  named: {
    readonly classes: readonly MaskClass[] | null | undefined;
    readonly objectClasses: readonly string[] | null | undefined;
  },
  remedyOf = (setting: keyof SharedClasses): string =>
    `\`${setting} off\` leaves them aside`,
): Promise<SharedClasses> {
  const own = (sources.length === 0 ? [null] : sources).map(async (source) => {
    const path = source?.path ?? null;
    const classes = await chooseClasses(path, named.classes);
    return {
      name: source?.name ?? "",
      classes,
      objectClasses: await chooseObjectClasses(
        path,
        named.objectClasses,
        classes,
      ),
    };
  });
  const [first, ...others] = await Promise.all(own);
  for (const other of others) {
    for (const setting of ["classes", "objectClasses"] as const) {
      const [a, b] = [first!, other].map((one) => JSON.stringify(one[setting]));
      if (a === b) continue;
      throw new UsageError(cannot("use", "setting", setting, {
        found: `${describe(first![setting])} in "${first!.name}", ` +
          `${describe(other[setting])} in "${other.name}"`,
        expected: "the same in all data sets",
        remedy: remedyOf(setting),
      }));
    }
  }
  const { classes, objectClasses } = first!;
  return { classes, objectClasses };
}

function describe(
  classes: readonly (MaskClass | string)[] | null,
): string {
  return classes === null
    ? "none"
    : classes.map((one) =>
      typeof one === "string" ? one : `${one.name} ${one.value}`
    ).join(", ");
}
