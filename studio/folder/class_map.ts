import { findClasses } from "@unet/data";
import { cannot } from "@unet/errors";
import { RequestError } from "@unet/http";
import { type ClassPlace, readClasses } from "./class_table.ts";

/** The classes that the numbers of class maps are, without the background. */
export interface MapClasses {
  /** Their names. */
  readonly names: readonly string[];
  /** What masks store for each: a number, or a color. */
  readonly values: readonly (number | string)[];
}

/**
 * What the masks of a data set are, if its `classes.json` says that each number
 * is a class. A table of objects' classes says that they are objects.
 *
 * @param place Where the classes of an image's objects would be.
 * @returns The classes; null where masks have objects.
 * @throws {UnetError} If a file of classes cannot be read.
 */
export async function mapClassesOf(
  place: ClassPlace,
): Promise<MapClasses | null> {
  const found = await findClasses(place.folder);
  if (found === null || (await readClasses(place)).names.length > 0) {
    return null;
  }
  const [_background, ...classes] = found;
  return {
    names: classes.map(({ name }) => name),
    values: classes.map(({ value }) => value),
  };
}

/**
 * Refuses an image whose mask is a class map, where an object's number would be
 * taken for a class.
 *
 * @param name The image.
 * @param place Where the classes of its objects would be.
 * @throws {RequestError} With status 409.
 */
export async function requireNoClassMap(
  name: string,
  place: ClassPlace,
): Promise<void> {
  const map = await mapClassesOf(place);
  if (map === null) return;
  throw new RequestError(
    409,
    cannot("save", "mask of image", name, {
      found: `class maps (classes.json: ${map.names.join(", ")})`,
      expected: "masks of object numbers",
      remedy: "change class maps in another program, or move classes.json away",
    }),
  );
}
