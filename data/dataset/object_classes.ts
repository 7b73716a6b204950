import { brief, cannot, DatasetError } from "@unet/errors";
import { readDataFile } from "./data_file.ts";
import { faultOfClasses } from "./find_classes.ts";

/** Which class each object of a dataset has. */
export interface ObjectClasses {
  /** The classes; the first is the background, which no object has. */
  readonly names: readonly string[];
  /**
   * By image, then by object, the place of its class in the list; −1 where it
   * is not known. Objects are called by the number that the mask stores, or
   * with a mask each by the file's name without its ending.
   */
  readonly images: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The name of the class that no object has. */
const background = "background";

/**
 * Reads which class each object has: a file `classes.csv` in the folder or zip
 * of images and masks, with a header and the columns `image` (its name without
 * an ending), `id` (the number that the mask stores, or in Kaggle's layout the
 * mask's name) and `class` (its name; empty where nobody knows it).
 *
 * @param path The folder or zip of images and masks.
 * @param names The classes in order, without the background; all that occur,
 * by their letters, if not given.
 * @returns The classes; null where there is no such file, or no such data.
 * @throws {DatasetError} If the file is no such table, or has other classes.
 * @throws {FileError} If it cannot be read.
 *
 * @example
 * ```ts
 * import { findObjectClasses } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(
 *   `${folder}/classes.csv`,
 *   "image,id,class\na,1,lymphocyte\na,2,tumor\n",
 * );
 * const found = await findObjectClasses(folder);
 * assertEquals(found?.names, ["background", "lymphocyte", "tumor"]);
 * assertEquals(found?.images.a, { "1": 1, "2": 2 });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function findObjectClasses(
  path: string,
  names?: readonly string[],
): Promise<ObjectClasses | null> {
  const file = await readDataFile(path, "classes.csv");
  if (!file) return null;
  const rows = parseRows(file.text, file.path);
  const found = names ??
    [...new Set(rows.map((row) => row.class))].filter((name) => name !== "")
      .sort();
  const all = [background, ...found.filter((name) => name !== background)];
  const fault = faultOfClasses(all.map((name, value) => ({ name, value })));
  if (fault) throw bad(file.path, fault.found, fault.expected);
  const images: Record<string, Record<string, number>> = Object.create(null);
  for (const { line, image, id, class: name } of rows) {
    const place = name === "" ? -1 : all.indexOf(name);
    if (place === 0 || place < 0 && name !== "") {
      throw bad(
        file.path,
        `class ${brief(name)} in line ${line}`,
        found.join(", "),
      );
    }
    const own = images[image] ??= Object.create(null) as Record<string, number>;
    if (id in own) {
      throw bad(
        file.path,
        `object ${brief(id)} of ${brief(image)} again in line ${line}`,
        "each object once",
      );
    }
    own[id] = place;
  }
  return { names: all, images };
}

/**
 * The classes of an image's objects, by object. A table may leave out the
 * folders of an id.
 *
 * @param classes The classes of all objects.
 * @param id The image's id.
 */
export function classesOfImage(
  { images }: ObjectClasses,
  id: string,
): Readonly<Record<string, number>> {
  return images[id] ?? images[id.slice(id.lastIndexOf("/") + 1)] ?? {};
}

/**
 * The images of a table that a dataset does not have.
 *
 * @param classes The classes of all objects.
 * @param ids The ids of the dataset's images.
 */
export function strangersOf(
  { images }: ObjectClasses,
  ids: readonly string[],
): string[] {
  const known = new Set(
    ids.flatMap((id) => [id, id.slice(id.lastIndexOf("/") + 1)]),
  );
  return Object.keys(images).filter((image) => !known.has(image));
}

interface Row {
  readonly line: number;
  readonly image: string;
  readonly id: string;
  readonly class: string;
}

function parseRows(text: string, path: string): Row[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const header = lines[0]!.split(",").map((name) => name.trim().toLowerCase());
  const [image, id, name] = ["image", "id", "class"]
    .map((wanted) => header.indexOf(wanted)) as [number, number, number];
  if (image < 0 || id < 0 || name < 0) {
    throw bad(path, `the columns ${brief(header.join(","))}`, "image,id,class");
  }
  return lines.flatMap((line, at): Row[] => {
    if (at === 0 || line.trim() === "") return [];
    const fields = line.split(",").map((field) => field.trim());
    if (fields.length !== header.length || line.includes('"')) {
      throw bad(
        path,
        `${brief(line)} in line ${at + 1}`,
        `${header.length} fields without quotes`,
      );
    }
    return [{
      ...{ line: at + 1, image: withoutEnding(fields[image]!) },
      id: fields[id]!,
      class: fields[name]!,
    }];
  });
}

/** A name without the ending of an image's file. */
function withoutEnding(name: string): string {
  return name.replace(/(\.ome)?\.(png|tiff?|jpe?g|gif|webp)$/i, "");
}

function bad(path: string, found: string, expected: string): DatasetError {
  return new DatasetError(
    cannot("read", "classes of objects", path, { found, expected }),
  );
}
