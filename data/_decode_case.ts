import { basename } from "@std/path";
import { cannot, count, type Reason, UnetError } from "@unet/errors";
import type { Case } from "./case.ts";
import { isChannelName, stemOf } from "./_case_names.ts";
import type { DatasetFile } from "./dataset_file.ts";
import { decodeImage, type DecodeOptions } from "./decode_image.ts";
import { fileOfDataset } from "./_image_file.ts";
import { readImageFile } from "./_open_image_file.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { isLossy } from "./_image_format.ts";
import { isSameSize, labelsOfMask, mergeMask } from "./_merge_masks.ts";
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
      faults.push(faultOf(each, kind, cause));
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
  options: DecodeOptions = {},
): Promise<DecodedCase> {
  const faults = [...read.faults];
  const [first] = each.images;
  const image = first && read.image && await readPicture(first, read.image);
  const masks = decodeMasks();
  if (!image) {
    // Without the image, the masks still tell whether they can be read.
    for await (const _ of masks);
    return { nuclei: 0, faults };
  }
  const merged = each.layout === "kaggle"
    ? await mergeNuclei(each, image, masks)
    : await readLabels(each, image, masks);
  return { image, ...merged, faults: [...faults, ...merged.faults] };

  async function readPicture(file: DatasetFile, bytes: Uint8Array) {
    try {
      const source = fileOfDataset(file, bytes);
      const { image, opened } = await readImageFile(source, options);
      for (const { kind, text } of opened.notes) {
        const message = `${file.name}: ${text}`;
        faults.push({ kind, severity: "warning", case: each.id, message });
      }
      return image;
    } catch (cause) {
      faults.push(faultOf(each, "unreadable-image", cause));
      return undefined;
    }
  }

  async function decode(file: DatasetFile, bytes: Uint8Array, kind: FaultKind) {
    try {
      // What is chosen of an image is not of its masks.
      const { maxPixels } = options;
      return await decodeImage(bytes, file.path, {
        ...(maxPixels && { maxPixels }),
      });
    } catch (cause) {
      faults.push(faultOf(each, kind, cause));
      return undefined;
    }
  }

  async function* decodeMasks(): AsyncGenerator<DecodedMask> {
    for (let start = 0; start < read.masks.length; start += sideBySide) {
      const some = read.masks.slice(start, start + sideBySide);
      const decoded = await Promise.all(
        some.map(({ file, bytes }) => decode(file, bytes, "unreadable-mask")),
      );
      for (const [index, { file, bytes }] of some.entries()) {
        const mask = decoded[index];
        if (!mask) continue;
        if (image && !isSameSize(mask, image)) {
          faults.push(sizeFault(each, file, mask, image));
        } else yield { file, mask, lossy: isLossy(bytes) };
      }
    }
  }
}

/** A mask of the image's size. */
interface DecodedMask {
  readonly file: DatasetFile;
  readonly mask: Image;
  readonly lossy: boolean;
}

/** Instances, and what is wrong with their masks. */
type Instances = Required<Pick<DecodedCase, "labels" | "nuclei" | "faults">>;

/** Takes each mask as one nucleus. */
async function mergeNuclei(
  each: Case,
  image: Image,
  masks: AsyncIterable<DecodedMask>,
): Promise<Instances> {
  const labels = emptyLabels(image);
  const faults: Fault[] = [];
  let nuclei = 0, shared = 0, sharing = 0, hidden = 0;
  for await (const { file, mask, lossy } of masks) {
    const { pixels, overlap } = mergeMask(labels, mask, nuclei + 1, lossy);
    if (pixels === 0) faults.push(emptyFault(each, file));
    else if (pixels === overlap) hidden++;
    else nuclei++;
    if (overlap > 0) sharing++;
    shared += overlap;
  }
  if (shared > 0) {
    faults.push(fault(each, "overlap", "warning", {
      verb: "separate all masks of",
      found:
        `${count(shared, "pixel")} of ${count(sharing, "mask")} that earlier ` +
        "masks have too" +
        (hidden > 0 ? `, ${hidden} of them hidden altogether` : ""),
      expected: "one mask a pixel",
      remedy: "the first mask by name keeps them",
    }));
  }
  return { labels, nuclei, faults };
}

/** Takes the only mask as all nuclei. */
async function readLabels(
  each: Case,
  image: Image,
  masks: AsyncIterable<DecodedMask>,
): Promise<Instances> {
  let labels = emptyLabels(image);
  const faults: Fault[] = [];
  let nuclei = 0;
  for await (const { file, mask, lossy } of masks) {
    labels = labelsOfMask(mask, lossy);
    for (const value of labels.data) if (value > nuclei) nuclei = value;
    if (nuclei === 0) faults.push(emptyFault(each, file));
  }
  return { labels, nuclei, faults };
}

function faultsOfFiles(each: Case): Fault[] {
  const { images, masks, layout } = each;
  const faults: Fault[] = [];
  if (images.length === 0) {
    faults.push(fault(each, "missing-image", "error", {
      found: `${namesOf(masks)} without an image`,
      expected: "an image of that name",
    }));
  }
  if (images.length > 1) {
    const areChannels = images.every((image) => isChannelName(stemOf(image)));
    const what = areChannels ? "channel file" : "image";
    faults.push(fault(each, "duplicate-id", "error", {
      found: `${count(images.length, what)}, ${namesOf(images)}`,
      expected: "one",
      ...(areChannels && {
        remedy: "keep one channel, or join them in one color image",
      }),
    }));
  }
  if (masks.length === 0) {
    faults.push(fault(each, "missing-mask", "error", {
      found: "an image without a mask",
      expected: layout === "pairs"
        ? `a mask of that name in masks/ or labels/, or ${
          basename(each.id)
        }_mask beside the image`
        : "a mask for each nucleus, or an all-black one, in masks/",
    }));
  }
  if (layout === "pairs" && masks.length > 1) {
    faults.push(fault(each, "duplicate-id", "error", {
      found: `${count(masks.length, "mask")}, ${namesOf(masks)}`,
      expected: "one",
    }));
  }
  return faults;
}

function sizeFault(
  each: Case,
  file: DatasetFile,
  mask: Image,
  image: Image,
): Fault {
  return fault(each, "size-mismatch", "error", {
    found: `mask ${file.name} of ${mask.width}×${mask.height} pixels`,
    expected: `${image.width}×${image.height} as the image has`,
  });
}

function emptyFault(each: Case, file: DatasetFile): Fault {
  return fault(each, "empty-mask", "warning", {
    verb: "use all masks of",
    found: `mask ${file.name} all black`,
    expected: "a nucleus",
    remedy: "it is passed over",
  });
}

function faultOf(each: Case, kind: FaultKind, cause: unknown): Fault {
  if (!(cause instanceof UnetError)) throw cause;
  return { kind, severity: "error", case: each.id, message: cause.message };
}

function fault(
  each: Case,
  kind: FaultKind,
  severity: Fault["severity"],
  { verb = "use", ...reason }: Reason & { verb?: string },
): Fault {
  const message = cannot(verb, "case", each.id, reason);
  return { kind, severity, case: each.id, message };
}

function namesOf(files: readonly DatasetFile[]): string {
  const shown = files.slice(0, 2).map((file) => file.name).join(", ");
  return files.length > 2 ? `${shown} and ${files.length - 2} more` : shown;
}

function emptyLabels({ width, height }: Image): Labels {
  return { width, height, data: new Uint32Array(width * height) };
}
