import type { Case } from "./case.ts";
import {
  faultsOfFiles,
  fileFault,
  noteFault,
  sizeFault,
} from "./case_faults.ts";
import { areKept, caseMemory } from "./case_memory.ts";
import type { CaseOptions } from "./case_options.ts";
import {
  type BackingTurn,
  requireStored,
  storedBytes,
} from "./dataset_backing.ts";
import type { DatasetFile } from "./dataset_file.ts";
import { type DecodedSize, decodedSize } from "./decoded_size.ts";
import { decodeBudgets, wideningOf } from "../images/decode_budget.ts";
import { decodeMask } from "../masks/decode_mask.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { fileOfDataset } from "../images/file_in_memory.ts";
import { defaultMaxPixels, readImageFile } from "../images/open_image_file.ts";
import { orientationNote } from "../images/reading_notes.ts";
import type { MaskOfCase } from "./mask_of_case.ts";
import { readClassMap } from "./read_class_map.ts";
import { mergeNuclei, readLabels } from "./read_masks.ts";
import { zarrSize } from "../zarr/zarr_size.ts";
import { slideSize } from "../openslide/slide_size.ts";
import type { Image, ImageSize, Labels } from "../types.ts";

/** How many masks of a case are decoded at once. */
const sideBySide = 4;

/** Masks of more pixels are decoded one after the other. */
const mostSideBySide = 2 ** 22;

/** A file that could be read. */
export interface CaseFile {
  readonly file: DatasetFile;
  /** What it holds; absent where that is too much to keep. */
  readonly bytes?: Uint8Array;
  /** How large its image is; absent where the file is not right. */
  readonly size?: DecodedSize;
}

/** The files of a case, read but not decoded. */
export interface CaseFiles {
  /** The image, where it could be read. */
  readonly image?: CaseFile;
  /** The masks that could be read. */
  readonly masks: readonly CaseFile[];
  /** What is wrong so far. */
  readonly faults: readonly Fault[];
}

/** What is read of a file, again where it was not kept. */
export async function bytesOf({ file, bytes }: CaseFile): Promise<Uint8Array> {
  return bytes ?? await file.read();
}

/** A case, decoded as far as its faults let it. */
export interface DecodedCase {
  /** The image, where it could be decoded. */
  readonly image?: Image;
  /**
   * The instances, numbered from 1 without gaps, or the classes; where there
   * is an image.
   */
  readonly labels?: Labels;
  /** The class of each instance, if objects have classes. */
  readonly objectClasses?: readonly number[];
  /** How many instances there are; 0 in a map of classes. */
  readonly nuclei: number;
  /** Every problem found; with errors the rest is not to be used. */
  readonly faults: readonly Fault[];
}

/** How the files of a case are read. */
export interface ReadFilesOptions extends CaseOptions {
  /** The case's place among those of the dataset. */
  readonly turn: BackingTurn;
}

/**
 * Reads the files of a case, and keeps them where they are small. A case that
 * the dataset's bytes do not back is left out, as a fault.
 */
export async function readCaseFiles(
  each: Case,
  { turn, plane, channels, level, maxPixels = defaultMaxPixels }:
    ReadFilesOptions,
): Promise<CaseFiles> {
  const faults = faultsOfFiles(each);
  const files = [...each.images.slice(0, 1), ...each.masks];
  const isKept = areKept(files);
  const areAllPages = typeof plane === "string" || channels !== undefined;
  const read = async (
    file: DatasetFile,
    kind: FaultKind,
  ): Promise<CaseFile | undefined> => {
    try {
      const bytes = await file.read();
      const isSeen = kind === "unreadable-image";
      const zarr = await zarrSize(fileOfDataset(file), {
        ...{ plane, channels, level: isSeen ? level : 0, isSeen },
      });
      if (zarr) return { file, bytes, ...zarr };
      const slide = isSeen
        ? await slideSize(fileOfDataset(file, bytes), level)
        : undefined;
      const size = slide ? sizeOfSlide(slide) : await decodedSize(bytes, {
        ...{ areAllPages: areAllPages && isSeen, isSeen },
      });
      return { file, ...(isKept && { bytes }), ...(size && { size }) };
    } catch (cause) {
      faults.push(fileFault(each, kind, cause));
      return undefined;
    }
  };
  try {
    requireStored(each.id, files);
    const [first] = each.images;
    const image = first && await read(first, "unreadable-image");
    const masks: CaseFile[] = [];
    for (const file of each.masks) {
      const mask = await read(file, "unreadable-mask");
      if (mask) masks.push(mask);
    }
    await turn.count(each.id, {
      stored: storedBytes(files),
      // Larger images are refused by themselves.
      images: [image, ...masks].flatMap((one) => one?.size ?? [])
        .filter(({ pixels }) => pixels <= maxPixels),
    });
    return { ...(image && { image }), masks, faults };
  } catch (cause) {
    faults.push(fileFault(each, "too-large", cause));
    return { masks: [], faults };
  }
}

/** A slide is decoded to red, green and blue of 8 bits. */
function sizeOfSlide({ width, height }: ImageSize): DecodedSize {
  const pixels = width * height;
  return { pixels, bytes: 3 * pixels * wideningOf({ width, height }) };
}

/**
 * Decodes a case past its faults, to find them all, and does something with
 * it. Cases take turns where they would not all fit into the process' share of
 * memory.
 *
 * @returns What `use` makes of the case.
 */
export async function withDecodedCase<T>(
  each: Case,
  read: CaseFiles,
  options: CaseOptions,
  use: (decoded: DecodedCase) => T | Promise<T>,
): Promise<T> {
  const { image, masks } = read;
  const memory = caseMemory(
    [...image ? [image] : [], ...masks].map(({ size }) => size?.pixels),
    options.channels?.length,
  );
  return await decodeBudgets().cases.use(
    memory,
    async () => await use(await decodeCase(each, read, options)),
  );
}

async function decodeCase(
  each: Case,
  read: CaseFiles,
  options: CaseOptions,
): Promise<DecodedCase> {
  const faults = [...read.faults];
  let orientation = 1;
  const image = read.image && await readPicture(read.image);
  const masks = decodeMasks();
  if (!image) {
    // Without the image, the masks still show whether they can be read.
    for await (const _ of masks);
    return { nuclei: 0, faults };
  }
  const about = { ...options, each, size: image };
  const { classes } = options;
  const merged = classes
    ? await readClassMap(masks, { ...about, classes })
    : each.layout === "kaggle"
    ? await mergeNuclei(masks, about)
    : await readLabels(masks, about);
  return { image, ...merged, faults: [...faults, ...merged.faults] };

  async function readPicture({ file, bytes }: CaseFile) {
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

  async function decode({ file, bytes }: CaseFile) {
    try {
      return await decodeMask(fileOfDataset(file, bytes), options);
    } catch (cause) {
      faults.push(fileFault(each, "unreadable-mask", cause));
      return undefined;
    }
  }

  async function* decodeMasks(): AsyncGenerator<MaskOfCase> {
    let isTurned = false;
    const isSmall = image && image.width * image.height <= mostSideBySide;
    const step = isSmall ? sideBySide : 1;
    for (let start = 0; start < read.masks.length; start += step) {
      const some = read.masks.slice(start, start + step);
      const decoded = await Promise.all(some.map(decode));
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
