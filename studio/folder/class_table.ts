import { basename, dirname, extname, join } from "@std/path";
import {
  classesOfImage,
  findObjectClasses,
  replaceObjectClasses,
} from "@unet/data";
import { faultOfClasses } from "@unet/data/class-list";
import { cannot, FileError } from "@unet/errors";
import { infoOf, readFile, writeFile } from "@unet/files";
import { isImageFolder } from "./mask_name.ts";

/** The name of the table, in whatever capitals. */
const fileName = "classes.csv";

/** Where the classes of an image's objects are. */
export interface ClassPlace {
  /** The folder of the data set. */
  readonly folder: string;
  /** What its table calls the image. */
  readonly image: string;
}

/** The classes of an image's objects, and all that its data set has. */
export interface FoundClasses {
  /** The class of each object that has one. */
  readonly classes: Map<number, string>;
  /** The names of all classes. */
  readonly names: readonly string[];
}

/**
 * Where the classes of an image's objects are: in the table of the data set that
 * its mask belongs to.
 *
 * @param root The studio's folder.
 * @param name The image's path from there.
 */
export function classPlaceOf(root: string, name: string): ClassPlace {
  const folder = dirname(name), stem = basename(name, extname(name));
  return isImageFolder.test(basename(folder))
    ? { folder: join(root, dirname(folder)), image: stem }
    : { folder: root, image: folder === "." ? stem : `${folder}/${stem}` };
}

/**
 * Reads the classes of an image's objects.
 *
 * @param place Where they are.
 * @throws {UnetError} If the table cannot be read.
 */
export async function readClasses(
  { folder, image }: ClassPlace,
): Promise<FoundClasses> {
  const found = await findObjectClasses(folder);
  const classes = new Map<number, string>();
  if (found === null) return { classes, names: [] };
  for (const [id, place] of Object.entries(classesOfImage(found, image))) {
    if (place > 0) classes.set(Number(id), found.names[place]!);
  }
  return { classes, names: found.names.slice(1) };
}

/**
 * Writes the classes of an image's objects into the table of its data set, where
 * those of other images stay. A table without any class is removed.
 *
 * @param place Where they are.
 * @param classes The class of each object that has one.
 * @throws {UnetError} If the table cannot be read or written.
 */
export async function writeClasses(
  { folder, image }: ClassPlace,
  classes: ReadonlyMap<number, string>,
): Promise<void> {
  const path = join(folder, await nameIn(folder));
  const info = await infoOf(path, { ofLink: true });
  if (info !== null && !info.isFile) {
    throw new FileError(
      cannot("write", "classes", path, {
        found: info.isSymlink ? "a link" : "what is no file",
        expected: "a table",
      }),
    );
  }
  const text = info === null
    ? null
    : new TextDecoder().decode(await readFile(path, "classes"));
  const table = replaceObjectClasses(text, image, classes);
  if (table !== null && table !== text) {
    await writeFile(path, table, "classes");
  } else if (table === null && info !== null) await Deno.remove(path);
}

/**
 * What is wrong with the name of a class.
 *
 * @returns Nothing where it may be one.
 */
export function faultOfClassName(name: string): string | undefined {
  const names = ["background", name];
  const fault = faultOfClasses(names.map((name, value) => ({ name, value })));
  return fault && `found ${fault.found}, expected ${fault.expected}`;
}

async function nameIn(folder: string): Promise<string> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name.toLowerCase() === fileName) return name;
  }
  return fileName;
}
