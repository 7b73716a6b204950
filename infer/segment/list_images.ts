/**
 * The images below a folder.
 *
 * @module
 */
import { join } from "@std/path";
import { isZarrFolder, listZarrImages, unreadEndings } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { endingOf, isImage } from "./image_endings.ts";
import type { Pattern } from "./pattern.ts";
import { placeOfFolder } from "./place_of_folder.ts";

export type { Pattern } from "./pattern.ts";

/** What was found below a folder. */
export interface Listing {
  /**
   * The images, as paths from the folder, in natural order; with them files in
   * formats that are recognized and not read, so that each is reported.
   */
  readonly names: readonly string[];
  /** Files that match the pattern and are no images by their ending. */
  readonly others: number;
  /** Folders of masks beside their images, which are left out. */
  readonly maskFolders: number;
  /** Why wells that plates list cannot be read, by their names among these. */
  readonly faults: ReadonlyMap<string, FileError>;
}

/** Datasets, and folders of the studio, have their masks beside their images. */
const isImageFolder = /^(images(tr|ts)?|\.studio)$/i;
const isMaskFolder = /^(masks?|labels(tr|ts)?)$/i;

const naturalOrder = new Intl.Collator("en", { numeric: true });

/**
 * Lists the images below a folder, or those of them that a pattern takes: the
 * files that match, and all below the folders that match. Hidden files and
 * folders are skipped, and folders of masks beside a folder of images or in a
 * folder of the studio, unless the pattern names them.
 *
 * @param folder The folder.
 * @param skipped The place of a folder that is skipped.
 * @param pattern The pattern; all images without one.
 * @throws {FileError} If a folder cannot be read.
 */
export async function listImages(
  folder: string,
  skipped: string | undefined,
  pattern?: Pattern,
): Promise<Listing> {
  const names: string[] = [], unread: string[] = [];
  const faults = new Map<string, FileError>();
  let others = 0, maskFolders = 0;
  const visit = async (below: string, depth: number, isWhole: boolean) => {
    const entries = await Array.fromAsync(entriesOf(join(folder, below)));
    const hasImages = entries.some((entry) =>
      entry.isDirectory && isImageFolder.test(entry.name)
    );
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const name = join(below, entry.name), path = join(folder, name);
      const isTaken = isWhole || pattern!.matches(name);
      if (isTaken && isZarr(entry, path)) {
        for (const image of await imagesOfZarr(name, path)) {
          names.push(image.name);
          if (image.fault) faults.set(image.name, image.fault);
        }
      } else if (entry.isDirectory) {
        if (!isTaken && depth <= 1) continue;
        if (await placeOfFolder(path) === skipped) continue;
        if (hasImages && isWhole && isMaskFolder.test(entry.name)) {
          maskFolders++;
          continue;
        }
        await visit(name, depth - 1, isTaken);
      } else if (isTaken) {
        // A link may lead to a file; one to a folder could lead in circles.
        if (!entry.isFile && await isFolder(path)) continue;
        const isNamed = !isWhole && pattern!.hasEnding;
        if (isNamed || isImage(name)) names.push(name);
        else if (isUnread(name)) unread.push(name);
        else others++;
      }
    }
  };
  await visit("", pattern?.depth ?? Infinity, pattern === undefined);
  names.push(...withoutConverted(unread, names));
  names.sort((a, b) => naturalOrder.compare(a, b) || (a < b ? -1 : 1));
  return { names, others, maskFolders, faults };
}

function isUnread(name: string): boolean {
  return unreadEndings.includes(endingOf(name).toLowerCase());
}

/**
 * Files in formats that are not read, but for those that lie beside what they
 * were converted to: an image of their name, or the scenes of one as
 * `NAME_SCENE.ome.zarr`.
 */
function withoutConverted(
  unread: readonly string[],
  names: readonly string[],
): string[] {
  if (unread.length === 0) return [];
  const bare = (name: string) => name.slice(0, -endingOf(name).length);
  const stems = new Set(names.map(bare));
  const scenes = names.filter((name) => /\.ome\.zarr$/i.test(name));
  return unread.filter((name) =>
    !stems.has(bare(name)) &&
    !scenes.some((scene) => scene.startsWith(`${bare(name)}_`))
  );
}

/** Whether an entry of a folder is an OME-Zarr, by its name or its files. */
function isZarr({ name, isDirectory }: Deno.DirEntry, path: string): boolean {
  return isDirectory ? isZarrFolder(path) : /\.(zarr\.zip|ozx)$/i.test(name);
}

/** An OME-Zarr, or the fields of a plate. */
async function imagesOfZarr(
  name: string,
  path: string,
): Promise<{ readonly name: string; readonly fault?: FileError }[]> {
  try {
    const images = await listZarrImages(path) ?? [];
    return images.map((image) => ({
      ...image,
      name: name + image.path.slice(path.length),
    }));
  } catch (error) {
    // What is wrong with it is reported when it is read.
    if (error instanceof FileError) return [{ name }];
    throw error;
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (cause) {
    throw new FileError(
      cannot("list", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    // A link to nothing, or to itself, stays in the list, and is reported when
    // it is read.
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.FilesystemLoop
    ) return false;
    throw new FileError(
      cannot("read", "input", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
