import type { Case } from "./case.ts";
import {
  faultsOfFiles,
  fileFault,
  noteFault,
  sizeFault,
} from "./_case_faults.ts";
import type { CaseOptions } from "./case_options.ts";
import type { DatasetFile } from "./dataset_file.ts";
import { decodeMask } from "./_decode_mask.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { fileOfDataset } from "./_image_file.ts";
import { readImageFile } from "./_open_image_file.ts";
import { orientationNote } from "./_reading_notes.ts";
import { type MaskOfCase, mergeNuclei, readLabels } from "./_read_masks.ts";
import type { Image, Labels } from "./types.ts";

/** How many masks of a case are decoded at once. */
const sideBySide = 4;

/** The files of a case, read but not decoded. */
export interface CaseBytes {
  /** The image, where it could be read. */
  readonly image?: Uint8Array;
  /** The masks that could be read. */
  readonly masks: readonly { file: DatasetFile; bytes: Uint8Array }[];
  /** What is wrong so far. */
  readonly faults: readonly Fault[];
}

/** A case, decoded as far as its faults let it. */
export interface DecodedCase {
  /** The image, where it could be decoded. */
  readonly image?: Image;
  /** The instances, numbered from 1 without gaps, where there is an image. */
  readonly labels?: Labels;
  /** How many instances there are. */
  readonly nuclei: number;
  /** All that is wrong; with errors the rest is not to be used. */
  readonly faults: readonly Fault[];
}

/** Reads the files of a case. */
export async function readCaseBytes(each: Case): Promise<CaseBytes> {
  const faults = faultsOfFiles(each);
  const read = async (file: DatasetFile, kind: FaultKind) => {
    try {
      return { file, bytes: await file.read() };
    } catch (cause) {
      faults.push(fileFault(each, kind, cause));
      return undefined;
    }
  };
  const [first] = each.images;
  const image = first && await read(first, "unreadable-image");
  const masks: { file: DatasetFile; bytes: Uint8Array }[] = [];
  for (const file of each.masks) {
    const mask = await read(file, "unreadable-mask");
    if (mask) masks.push(mask);
  }
  return { ...(image && { image: image.bytes }), masks, faults };
}

/** Decodes a case, and goes on past faults to find them all. */
export async function decodeCase(
  each: Case,
  read: CaseBytes,
  options: CaseOptions = {},
): Promise<DecodedCase> {
  const faults = [...read.faults];
  const [first] = each.images;
  let orientation = 1;
  const image = first && read.image && await readPicture(first, read.image);
  const masks = decodeMasks();
  if (!image) {
    // Without the image, the masks still tell whether they can be read.
    for await (const _ of masks);
    return { nuclei: 0, faults };
  }
  const merged = each.layout === "kaggle"
    ? await mergeNuclei(masks, { ...options, each, size: image })
    : await readLabels(masks, { ...options, each, size: image });
  return { image, ...merged, faults: [...faults, ...merged.faults] };

  async function readPicture(file: DatasetFile, bytes: Uint8Array) {
    try {
      const source = fileOfDataset(file, bytes);
      const { image, opened } = await readImageFile(source, options);
      orientation = opened.orientation;
      faults.push(...opened.notes.map((note) => noteFault(each, file, note)));
      return image;
    } catch (cause) {
      faults.push(fileFault(each, "unreadable-image", cause));
      return undefined;
    }
  }

  async function decode(file: DatasetFile, bytes: Uint8Array) {
    try {
      return await decodeMask(fileOfDataset(file, bytes), options);
    } catch (cause) {
      faults.push(fileFault(each, "unreadable-mask", cause));
      return undefined;
    }
  }

  async function* decodeMasks(): AsyncGenerator<MaskOfCase> {
    let isTurned = false;
    for (let start = 0; start < read.masks.length; start += sideBySide) {
      const some = read.masks.slice(start, start + sideBySide);
      const decoded = await Promise.all(
        some.map(({ file, bytes }) => decode(file, bytes)),
      );
      for (const [index, { file }] of some.entries()) {
        const mask = decoded[index];
        if (!mask) continue;
        // Of several masks turned alike, one is enough to say so.
        if (mask.orientation !== orientation && !isTurned) {
          const notes = orientationNote(mask.orientation);
          isTurned = notes.length > 0;
          faults.push(...notes.map((note) => noteFault(each, file, note)));
        }
        const isFitting = !image ||
          mask.width === image.width && mask.height === image.height;
        if (isFitting) yield { file, mask };
        else faults.push(sizeFault(each, file, { mask, image }));
      }
    }
  }
}
