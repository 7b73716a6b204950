import {
  defaultValidation,
  enoughToHoldOut,
  nameOfSource,
} from "@unet/app/settings";
import { openDataset, readLabels, splitDataset, unlabeled } from "@unet/data";
import { briefList, count, UnetError } from "@unet/errors";
import { RequestError } from "@unet/http";
import type { ListedImage } from "../folder/image_list.ts";
import type { ImageState } from "../folder/image_states.ts";
import type { StudioRoom } from "../studio_room.ts";

/** The images that a training uses. */
export interface TrainImages {
  /** Their ids as the reader of data sets has them. */
  readonly ids: readonly string[];
  /** Whether some of their masks have pixels that nobody labeled. */
  readonly hasUnlabeled: boolean;
  /** What a person should know. */
  readonly notes: readonly string[];
}

/**
 * The images whose masks a person corrected or accepted, found by the rule by
 * which every data set is read.
 *
 * @throws {RequestError} With status 409, if there is none.
 * @throws {UnetError} If the folder cannot be read.
 */
export async function trainImages(
  { folder, images }: Pick<StudioRoom, "folder" | "images">,
): Promise<TrainImages> {
  const listed = await images.scan();
  const all = listed
    .filter(({ state }) => state === "corrected" || state === "accepted")
    .map(({ name }) => name);
  const wanted = new Set(all);
  if (wanted.size === 0) {
    throw new RequestError(
      409,
      "Cannot train: found no mask that is corrected or accepted, expected at " +
        "least one; correct a mask, or accept one that is right",
    );
  }
  const dataset = await openDataset(folder.root);
  dataset.close();
  const ids: string[] = [];
  for (const { id, images: files } of dataset.cases) {
    const own = files.filter(({ name }) => wanted.delete(name));
    if (own.length > 0) ids.push(id);
  }
  if (ids.length === 0) {
    throw new RequestError(
      409,
      `Cannot train: found masks of ${
        briefList([...wanted])
      } alone, whose places no data set has`,
    );
  }
  const used = all.filter((name) => !wanted.has(name));
  return {
    ids,
    hasUnlabeled: await haveUnlabeled(images, used),
    notes: [
      ...unusedIn(listed, "predicted", "whose predicted masks nobody checked"),
      ...unusedIn(listed, "none", "without a mask"),
      ...noteOf([...wanted], "whose masks lie where no data set has them"),
    ],
  };
}

/** A line about images of a state that no training uses; none without any. */
function unusedIn(
  listed: readonly ListedImage[],
  wanted: ImageState,
  why: string,
): string[] {
  const names = listed.filter(({ state }) => state === wanted)
    .map(({ name }) => name);
  return noteOf(names, why);
}

function noteOf(names: readonly string[], why: string): string[] {
  if (names.length === 0) return [];
  const list = briefList(names, { most: 4 });
  return [`Not used: ${count(names.length, "image")} ${why} (${list})`];
}

/** The most pixels of a mask that the studio edits, and may leave unlabeled. */
const mostPixels = 2 ** 26;

/** Whether a mask of these images has pixels that nobody labeled. */
async function haveUnlabeled(
  images: StudioRoom["images"],
  names: readonly string[],
): Promise<boolean> {
  for (const name of names) {
    const path = await images.maskPathOf(name);
    if (path === null) continue;
    try {
      const { data } = await readLabels(path, mostPixels);
      if (data.includes(unlabeled)) return true;
    } catch (error) {
      // A mask that is not of the studio's kind, which the training judges.
      if (!(error instanceof UnetError)) throw error;
    }
  }
  return false;
}

/** How images are split. */
export interface SplitChoice {
  /** The share to validate on; null for what suits their number. */
  readonly validation: number | null;
  /** Decides which. */
  readonly seed: number;
}

/**
 * Says which images train and which validate, as a file of roles has it.
 *
 * @param root The folder.
 * @param ids The images.
 * @param choice The share to validate on.
 * @throws {DatasetError} If there are too few.
 */
export function rolesOf(
  root: string,
  ids: readonly string[],
  { validation, seed }: SplitChoice,
): Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> {
  const share = validation ??
    (ids.length < enoughToHoldOut ? 0 : defaultValidation);
  const cases = ids.map((id) => ({ id, modality: "" }));
  const parts = share === 0
    ? { train: ids }
    : splitDataset(cases, { validation: share, seed });
  const { train, validation: held } = { validation: [], ...parts };
  return {
    [nameOfSource(root)]: {
      train,
      ...(held.length > 0 && { validation: held }),
    },
  };
}
