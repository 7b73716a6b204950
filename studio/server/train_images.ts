import {
  defaultValidation,
  enoughToHoldOut,
  nameOfSource,
} from "@unet/app/settings";
import { openDataset, splitDataset } from "@unet/data";
import { briefList, count } from "@unet/errors";
import type { StudioRoom } from "../studio_room.ts";
import { RequestError } from "./request_error.ts";

/** The images that a training uses. */
export interface TrainImages {
  /** Their ids as the reader of data sets has them. */
  readonly ids: readonly string[];
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
  const wanted = new Set(
    (await images.scan())
      .filter(({ state }) => state === "corrected" || state === "accepted")
      .map(({ name }) => name),
  );
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
  return {
    ids,
    notes: wanted.size === 0 ? [] : [
      `Left out: ${
        count(wanted.size, "image")
      } whose masks lie where no data ` +
      `set has them (${briefList([...wanted], { most: 4 })})`,
    ],
  };
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
