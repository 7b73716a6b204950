import { brief, cannot, DatasetError, type Reason } from "@unet/errors";
import { nameKey } from "./case_names.ts";
import { readDataFile } from "./data_file.ts";
import { faultOfClasses } from "../masks/class_list.ts";
import { parseTable, type TableRow } from "./parse_table.ts";

/** Which class each object of a dataset has. */
export interface ObjectClasses {
  /** The classes; the first is the background, which no object has. */
  readonly names: readonly string[];
  /**
   * By image, then by object, the place of its class in the list; −1 where it
   * is not known. Objects are called by the number that the mask stores, or
   * with a mask each by the file's name without its ending. Names are in one
   * Unicode form (NFC).
   */
  readonly images: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The name of the class that no object has. */
const background = "background";

/**
 * Reads which class each object has: a file `classes.csv` in the folder or zip
 * of images and masks, with a header and the columns `image` (its name without
 * an ending), `id` (the number that the mask stores, or in Kaggle's layout the
 * mask's name) and `class` (its name; empty where nobody knows it). Fields in
 * double quotes are read as RFC 4180 has them.
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
 * assertEquals({ ...found?.images.a }, { "1": 1, "2": 2 });
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
  requireNoBackground(rows, file.path);
  const found = (names ?? new Set(rows.map((row) => row.class)).values()
    .filter((name) => name !== "").toArray().sort())
    .filter((name) => name !== background);
  if (found.length === 0) {
    throw bad(file.path, {
      found: rows.length === 0 ? "no object" : "no object with a class",
      expected: "a class of some objects",
    });
  }
  const all = [background, ...found];
  const fault = faultOfClasses(all.map((name, value) => ({ name, value })));
  if (fault) throw bad(file.path, fault);
  const images: Record<string, Record<string, number>> = Object.create(null);
  for (const { line, image, id, class: name } of rows) {
    const place = name === "" ? -1 : all.indexOf(name);
    if (place < 0 && name !== "") {
      throw bad(file.path, {
        found: `class ${brief(name)} in line ${line}`,
        expected: found.join(", "),
      });
    }
    const own = images[image] ??= Object.create(null) as Record<string, number>;
    if (id in own) {
      throw bad(file.path, {
        found: `object ${brief(id)} of ${brief(image)} again in line ${line}`,
        expected: "each object once",
      });
    }
    own[id] = place;
  }
  return { names: all, images };
}

/** Background has no objects, so that a table cannot name it. */
function requireNoBackground(rows: readonly Row[], path: string): void {
  const row = rows.find((one) => one.class.toLowerCase() === background);
  if (!row) return;
  throw bad(path, {
    found: `class ${brief(row.class)} in line ${row.line}`,
    expected: "a class of objects other than background",
    remedy: "leave the class empty if it is not known, or remove the object " +
      "from the mask",
  });
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
  const [whole, bare] = namesOfImage(id);
  return images[whole] ?? images[bare] ?? {};
}

/** What a table may call an image: by its whole id, or without folders. */
function namesOfImage(id: string): readonly [whole: string, bare: string] {
  const whole = nameKey(id);
  return [whole, whole.slice(whole.lastIndexOf("/") + 1)];
}

/**
 * The classes of several data sets' objects as those of one, for images that
 * have other ids there.
 *
 * @param parts By data set its classes, all with the same names, and the id of
 * each image among all data sets by its own id.
 * @returns The classes by the ids among all data sets.
 * @throws {RangeError} If there is no data set.
 *
 * @example
 * ```ts
 * import { joinObjectClasses } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["background", "tumor"];
 * const { images } = joinObjectClasses([
 *   { classes: { names, images: { a: { "3": 1 } } }, ids: new Map([["a", "x/a"]]) },
 *   { classes: { names, images: { a: { "4": 1 } } }, ids: new Map([["a", "y/a"]]) },
 * ]);
 * assertEquals({ ...images }, { "x/a": { "3": 1 }, "y/a": { "4": 1 } });
 * ```
 */
export function joinObjectClasses(
  parts: readonly {
    readonly classes: ObjectClasses;
    readonly ids: ReadonlyMap<string, string>;
  }[],
): ObjectClasses {
  const [first] = parts;
  if (!first) throw new RangeError("Expected at least one data set");
  const images: Record<string, Readonly<Record<string, number>>> = Object
    .create(null);
  for (const { classes, ids } of parts) {
    for (const [own, id] of ids) {
      images[nameKey(id)] = classesOfImage(classes, own);
    }
  }
  return { names: first.classes.names, images };
}

/** A name of a table that does not say which image of a dataset is meant. */
export interface UnclearImage {
  /** What the table calls it. */
  readonly image: string;
  /** The ids of the images that it could be; none where there is no such. */
  readonly ids: readonly string[];
}

/**
 * The images of a table that a dataset does not have, or of which it has
 * several.
 *
 * @param classes The classes of all objects.
 * @param ids The ids of the dataset's images.
 */
export function unclearImagesOf(
  { images }: ObjectClasses,
  ids: readonly string[],
): UnclearImage[] {
  const takers = new Map<string, string[]>();
  for (const id of ids) {
    const name = namesOfImage(id).find((one) => one in images);
    if (name === undefined) continue;
    const own = takers.get(name);
    if (own) own.push(id);
    else takers.set(name, [id]);
  }
  return Object.keys(images)
    .map((image) => ({ image, ids: takers.get(image) ?? [] }))
    .filter((one) => one.ids.length !== 1);
}

interface Row {
  readonly line: number;
  readonly image: string;
  readonly id: string;
  readonly class: string;
}

/** The columns that a table has to have. */
const columns = ["image", "id", "class"] as const;

function parseRows(text: string, path: string): Row[] {
  const [header, ...rows] = tableOf(text, path);
  const names = header?.fields.map((name) => name.toLowerCase()) ?? [];
  const [image, id, name] = columns.map((one) => names.indexOf(one)) as [
    ...[number, number, number],
  ];
  const isUnique = columns.every((one) =>
    names.indexOf(one) === names.lastIndexOf(one)
  );
  if (image < 0 || id < 0 || name < 0 || !isUnique) {
    throw bad(path, {
      found: header
        ? `the columns ${brief(names.join(","))}`
        : "an empty table",
      expected: columns.join(","),
      ...(/[;\t]/.test(names.join()) && {
        remedy: "separate columns by commas",
      }),
    });
  }
  return rows.map(({ line, fields }): Row => {
    if (fields.length !== names.length) {
      throw bad(path, {
        found: `${brief(fields.join(","))} in line ${line}`,
        expected: `${names.length} fields`,
      });
    }
    const empty = [image, id].find((at) => fields[at] === "");
    if (empty !== undefined) {
      throw bad(path, {
        found: `no ${names[empty]} in line ${line}`,
        expected: "an image and an id in each line",
      });
    }
    return {
      line,
      image: nameKey(withoutEnding(fields[image]!)),
      id: fields[id]!.normalize("NFC"),
      class: fields[name]!.normalize("NFC").trim(),
    };
  });
}

function tableOf(text: string, path: string): TableRow[] {
  try {
    return parseTable(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw bad(path, {
      found: cause.message,
      expected: 'quotes around a whole field, and "" for a quote in it',
    });
  }
}

/** A name without the ending of an image's file. */
export function withoutEnding(name: string): string {
  return name.replace(/(\.ome)?\.(png|tiff?|jpe?g|gif|webp)$/i, "");
}

function bad(path: string, reason: Reason): DatasetError {
  return new DatasetError(cannot("read", "classes of objects", path, reason));
}
