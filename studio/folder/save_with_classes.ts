import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { infoOf, readTextFile, replaceFile, writeFile } from "@unet/files";
import { classPlaceOf, readClasses, writeClasses } from "./class_table.ts";
import { isAt, markOfSync, type MaskMark } from "./image_states.ts";
import { jsonOf } from "./json_of.ts";
import { maskName } from "./mask_name.ts";
import { ownFolder } from "./own_files.ts";
import { requireInside } from "./place_in.ts";

/** What is noted while a mask and the classes of its objects change together. */
interface Saving {
  /** The image. */
  readonly image: string;
  /** How the new mask's file is. */
  readonly mask: MaskMark;
  /** How that before was; null where there was none. */
  readonly was: MaskMark | null;
  /** The classes of the objects before. */
  readonly before: readonly (readonly [object: number, name: string])[];
  /** The classes of the new objects. */
  readonly after: readonly (readonly [object: number, name: string])[];
}

/** What is saved of an image. */
export interface SavedObjects {
  /** The studio's folder. */
  readonly root: string;
  /** The image. */
  readonly name: string;
  /** The new mask's file, which takes the place of the one before. */
  readonly part: string;
  /** How the mask before was when the work began; null where there was none. */
  readonly before: MaskMark | null;
  /** The class of each new object that has one. */
  readonly classes: ReadonlyMap<number, string>;
}

/**
 * Puts a new mask in the place of another one, with the classes of its objects,
 * which are in a table of their own. Whenever this ends, no object has the
 * class of one of the other mask: in between the table has none of the image,
 * and {@linkcode finishSaving} continues from a note.
 *
 * @param saved The mask and the classes.
 * @returns Whether that was done; not where the mask changed meanwhile.
 * @throws {UnetError} If a file cannot be read or written.
 */
export async function saveWithClasses(
  { root, name, part, before, classes }: SavedObjects,
): Promise<boolean> {
  await finishSaving(root);
  const path = join(root, maskName(name)), place = classPlaceOf(root, name);
  const isWanted = () => isAt(path, before);
  if (!isWanted()) return false;
  const old = (await readClasses(place)).classes;
  if (old.size === 0 && classes.size === 0) {
    return await replaceFile(part, path, { isWanted, thing: "mask" });
  }
  const saving: Saving = {
    ...{ image: name, mask: markOfSync(part)!, was: before },
    ...{ before: [...old], after: [...classes] },
  };
  await writeFile(noteIn(root), JSON.stringify(saving), "notes");
  try {
    if (old.size > 0) await writeClasses(place, new Map());
    return await replaceFile(part, path, { isWanted, thing: "mask" });
  } finally {
    await finishSaving(root);
  }
}

/**
 * Finishes what a kill cut off while a mask and its classes were saved: where
 * the new mask is there, its objects get their classes, and where the old one
 * is, its objects get theirs again. A mask that neither is stays without.
 *
 * @param root The studio's folder.
 * @throws {UnetError} If a file cannot be read or written, or the note is none.
 */
export async function finishSaving(root: string): Promise<void> {
  const path = noteIn(root);
  if (await infoOf(path) === null) return;
  const { image, mask, was, before, after } = savingOf(
    await readTextFile(path, "notes"),
    path,
  );
  await requireInside(root, maskName(image));
  const now = join(root, maskName(image));
  const classes = isAt(now, mask) ? after : isAt(now, was) ? before : [];
  await writeClasses(classPlaceOf(root, image), new Map(classes));
  await Deno.remove(path);
}

function noteIn(root: string): string {
  return join(root, ownFolder, "saving.json");
}

function savingOf(text: string, path: string): Saving {
  const value = jsonOf(text) as Partial<Saving> | null;
  const isWhole = typeof value?.image === "string" &&
    typeof value.mask?.size === "number" && value.was !== undefined &&
    [value.before, value.after].every((classes) =>
      Array.isArray(classes) &&
      classes.every((one) =>
        Array.isArray(one) && Number.isSafeInteger(one[0]) &&
        typeof one[1] === "string"
      )
    );
  if (isWhole) return value as Saving;
  throw new FileError(
    cannot("read", "notes", path, {
      found: "what the studio did not write",
      expected: "a mask and the classes of its objects",
      remedy: "remove it, and look at the classes of the image predicted last",
    }),
  );
}
