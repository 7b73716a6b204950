import {
  type ClassMaskOptions,
  describeClasses,
  describeStrangers,
  readClassMask,
} from "../masks/read_class_mask.ts";
import { findingsOfFile } from "../masks/mask_findings.ts";
import { unlabeled } from "../targets/class_target.ts";
import type { ImageSize, Labels } from "../types.ts";
import type { Case } from "./case.ts";
import { classFault, overlapFault, unlabeledFault } from "./case_faults.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";
import { MaskDoubts } from "./mask_doubts.ts";
import type { MaskOfCase } from "./mask_of_case.ts";

/** What the masks of a case are read for. */
export interface ClassMapOptions extends ClassMaskOptions {
  /** The case that they belong to. */
  readonly each: Case;
  /** The image's size. */
  readonly size: ImageSize;
}

/**
 * Makes a map of classes of a case's masks. Of several, each pixel takes the
 * first class by the masks' names that is not the background; it is background
 * where a mask says so and no other has a class, else unlabeled.
 *
 * @param masks The masks in the order of their names.
 * @param options The classes, the case and the size of its image.
 * @returns The map, and what is wrong with the masks.
 */
export async function readClassMap(
  masks: AsyncIterable<MaskOfCase>,
  options: ClassMapOptions,
): Promise<{ labels: Labels; nuclei: number; faults: Fault[] }> {
  const { each, size: { width, height }, classes } = options;
  const data = new Uint32Array(width * height).fill(unlabeled);
  const faults: Fault[] = [], doubts = new MaskDoubts(each);
  let shared = 0, sharing = 0, first: DatasetFile | undefined;
  for await (const { file, mask } of masks) {
    first ??= file;
    doubts.add(file, findingsOfFile(mask));
    if (mask.isLossy) {
      faults.push(lossyFault(each, file));
      continue;
    }
    const { labels, strangers } = readClassMask(mask, options);
    if (strangers.size > 0) {
      faults.push(classFault(each, file, {
        found: describeStrangers(strangers),
        expected: describeClasses(classes),
        remedy: "give each value its class in `classes`, or leave it out " +
          `with \`ignore ${[...strangers.keys()].slice(0, 4).join(",")}\``,
      }));
    }
    const pixels = addClasses(data, labels.data);
    if (pixels > 0) sharing++;
    shared += pixels;
  }
  // Of a mask that could not be read, an error says so.
  if (first && faults.length === 0 && data.every((own) => own === unlabeled)) {
    faults.push(unlabeledFault(each, first));
  }
  faults.push(...doubts.faults());
  if (shared > 0) {
    const overlap = { pixels: shared, masks: sharing, hidden: 0 };
    faults.push(overlapFault(each, overlap));
  }
  return { labels: { width, height, data }, nuclei: 0, faults };
}

/**
 * Adds the classes of one more mask.
 *
 * @param data Changed in place.
 * @returns Pixels that have another class already.
 */
function addClasses(data: Uint32Array, own: Uint32Array): number {
  let shared = 0;
  for (let at = 0; at < data.length; at++) {
    const value = own[at]!, present = data[at]!;
    if (value === unlabeled || value === present) continue;
    if (present === unlabeled || present === 0) data[at] = value;
    else if (value !== 0) shared++;
  }
  return shared;
}

function lossyFault(each: Case, file: DatasetFile): Fault {
  return classFault(each, file, {
    kind: "lossy-mask",
    found: "a lossy file, such as JPEG",
    expected: "classes in a lossless file, such as PNG or TIFF",
  });
}
