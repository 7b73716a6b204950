import { cannot, count } from "@unet/errors";
import {
  imageOfCompanion,
  imageOfMask,
  isMaskFolder,
  nameKey,
  stemOf,
} from "./case_names.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";

/** Images of a folder, and the masks of some of them in another one. */
export interface BesideMasks {
  /** The folder of the images. */
  readonly parent: string;
  /** Those that have a mask. */
  readonly images: readonly DatasetFile[];
  /** All masks that no other folder of images has. */
  readonly masks: readonly DatasetFile[];
  /** How many images have none. */
  readonly others: number;
}

/**
 * Finds images whose masks lie in a folder beside them: `NAME.png` with
 * `masks/NAME.tif`, and `SUB/NAME.png` with `masks/SUB/NAME.tif`. Only images
 * with a mask count: in such a folder the others wait for theirs.
 *
 * @param byFolder Images by folder.
 * @param isTaken Whether a mask belongs to an image of a folder `images`.
 */
export function besideMasks(
  byFolder: ReadonlyMap<string, readonly DatasetFile[]>,
  isTaken: (mask: DatasetFile) => boolean,
): BesideMasks[] {
  const found = new Map<string, DatasetFile[]>();
  for (const [path, files] of byFolder) {
    const parent = imageFolderOf(path);
    if (parent === undefined || !byFolder.has(parent)) continue;
    const masks = files.filter((file) => !isTaken(file));
    found.set(parent, [...found.get(parent) ?? [], ...masks]);
  }
  return [...found].flatMap(([parent, masks]) => {
    const wanted = new Set(masks.flatMap(keysOf));
    const files = byFolder.get(parent)!.filter((file) =>
      imageOfCompanion(stemOf(file)) === undefined
    );
    const images = files.filter((file) => wanted.has(nameKey(stemOf(file))));
    const others = files.length - images.length;
    return images.length === 0 ? [] : [{ parent, images, masks, others }];
  });
}

/**
 * Says how many images wait for a mask.
 *
 * @returns A warning, or nothing where each has one.
 */
export function faultOfOthers(found: readonly BesideMasks[]): Fault[] {
  const others = found.reduce((sum, { others }) => sum + others, 0);
  if (others === 0) return [];
  return [{
    kind: "missing-mask",
    severity: "warning",
    message: cannot("use", "images beside", "masks", {
      found: `${count(others, "image")} without a mask`,
      expected: "a mask of the same name",
      remedy: `${others === 1 ? "it is" : "they are"} left out`,
    }),
  }];
}

/** The folder whose images have their masks in another one, if it is one. */
function imageFolderOf(path: string): string | undefined {
  const parts = path.split("/");
  const at = parts.findLastIndex((part) => isMaskFolder(part));
  if (at < 0) return undefined;
  const above = parts.toSpliced(at, 1);
  // Those have their masks elsewhere.
  return /^images(tr)?$/i.test(above.at(-1) ?? "")
    ? undefined
    : above.join("/");
}

/** What an image of a mask may be called. */
function keysOf(mask: DatasetFile): string[] {
  const stem = stemOf(mask);
  return [stem, imageOfMask(stem) ?? stem].map(nameKey);
}
