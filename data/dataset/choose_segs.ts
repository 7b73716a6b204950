import { cannot } from "@unet/errors";
import type { Case } from "./case.ts";
import { imageOfMask, isSegFile, nameKey, stemOf } from "./case_names.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";

/** Which of Cellpose's files are masks of a dataset. */
export interface ChosenSegs {
  /** Those of an image beside them that has no other mask. */
  readonly used: readonly DatasetFile[];
  /** Why others are not read. */
  readonly faults: readonly Fault[];
}

/**
 * Chooses among Cellpose's `NAME_seg.npy`. It writes `NAME_cp_masks` as well,
 * and either may have been edited later: the image file is read, and the other
 * is named.
 *
 * @param segs Cellpose's files.
 * @param files All files.
 * @param cases The cases without Cellpose's files.
 */
export function chooseSegs(
  segs: readonly DatasetFile[],
  files: readonly DatasetFile[],
  cases: readonly Case[],
): ChosenSegs {
  const beside = new Set(
    files.filter((file) => !isSegFile(file))
      .map((file) => placeOf(file, stemOf(file))),
  );
  const masked = new Map(
    cases.flatMap(({ images, masks: [mask] }) =>
      mask ? images.map((image) => [placeOf(image, stemOf(image)), mask]) : []
    ),
  );
  const used: DatasetFile[] = [], faults: Fault[] = [];
  for (const seg of segs) {
    const place = placeOf(seg, imageOfMask(stemOf(seg))!);
    const mask = masked.get(place);
    if (mask) {
      faults.push({
        kind: "other-files",
        severity: "warning",
        message: `${seg.name}: not read, since ${mask.name} is the mask of ` +
          "its image",
      });
    } else if (beside.has(place)) used.push(seg);
    else {
      faults.push({
        kind: "missing-image",
        severity: "error",
        message: cannot("use", "mask", seg.name, {
          found: "no image beside it",
          expected: `one of the name ${imageOfMask(stemOf(seg))}`,
        }),
      });
    }
  }
  return { used, faults };
}

/** A name in its folder, as names are compared. */
function placeOf({ name }: DatasetFile, stem: string): string {
  return `${name.slice(0, name.lastIndexOf("/") + 1)}${nameKey(stem)}`;
}
