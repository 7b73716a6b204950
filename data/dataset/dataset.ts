import { cannot, count, DatasetError, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { Case, Layout } from "./case.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";
import { findCases } from "./find_cases.ts";
import { listFolder } from "./folder_files.ts";
import { describeBytes, formatOf } from "../images/image_format.ts";
import { conversionRemedy, unreadFormatOf } from "../images/unread_format.ts";
import { joinSets } from "./join_sets.ts";
import type { Listing } from "./listing.ts";
import { datasetOfZarr, isPartOfZarr, zarrCases } from "./zarr_cases.ts";
import { requireNamedChannels, requireNnUnet } from "./require_nn_unet.ts";
import { listZip } from "./zip_files.ts";
import { zarrPlaceOf } from "../zarr/zarr_place.ts";

/** A dataset whose files are found, and read when they are asked for. */
export interface Dataset {
  /** Where it is, as it was named. */
  readonly path: string;
  /** How its files are laid out. */
  readonly layout: Layout;
  /** The cases by id, with and without faults. */
  readonly cases: readonly Case[];
  /** What is wrong with it outside of its cases. */
  readonly faults: readonly Fault[];
  /** Ends reading; a zip is kept open until then. */
  close(): void;
}

const layouts =
  "CASE/images/CASE.png with CASE/masks/*.png, images/NAME.png with masks/NAME.png or labels/NAME.png, NAME.png with masks/NAME.png, or NAME.png with NAME_mask.png or NAME_seg.npy beside it";

/**
 * Finds the images and masks of a folder or a zip. Nothing is unpacked, and no
 * image is read yet, but for the descriptions of OME-TIFFs without a mask, and
 * for how many channels images have where nnU-Net's `dataset.json` names several.
 *
 * These layouts are read, each also inside another folder and with any
 * capitals in the folders' names:
 *
 * - Kaggle's (2018 Data Science Bowl): `ID/images/ID.png` and one binary mask
 *   per nucleus in `ID/masks/`;
 * - pairs: `images/NAME.png` and `masks/NAME.png` or `labels/NAME.png`, where
 *   the mask's name may end in `_mask`, `_masks`, `_label`, `_labels` or
 *   `_cp_masks` (also with `-`), or Cellpose's `NAME_seg.npy` beside the image. With several such folders the ids are
 *   `FOLDER/NAME`;
 * - images beside a folder of masks: `NAME.png` and `masks/NAME.png`, and
 *   `SUB/NAME.png` and `masks/SUB/NAME.png`. Images without a mask are no cases
 *   there; a warning in `faults` counts them;
 * - masks beside the images: `NAME.png` and `NAME_mask.png` in one folder;
 * - nnU-Net's: `imagesTr/NAME_0000.png` and `labelsTr/NAME.png`, one channel
 *   per image;
 * - OME-Zarr: `NAME.zarr` with labels in it, or a plate whose fields have some;
 *   also the path itself. Without labels, names decide as for other images.
 *
 * Names are compared in one Unicode form, and `NAME.ome.tif` counts as `NAME`
 * too. A file of an OME-TIFF that lies in several belongs to the case of the one
 * that has a mask. An image with two masks is an error of its case. Files that are no
 * images by their ending, hidden ones, `__MACOSX`, and pictures made of an
 * image (`NAME_overlay`, `NAME_probability`, Cellpose's `NAME_flows` and
 * `NAME_cp_output`) are skipped. Entries of a zip with a path that leads out of it, or with the
 * name of another, are left out and reported in `faults`.
 *
 * @param path The folder or the zip.
 * @returns The dataset, to be closed after use.
 * @throws {FileError} If there is nothing, something else, or a damaged zip.
 * @throws {DatasetError} If it has no images and masks in either layout, or
 * nnU-Net's `dataset.json` does not describe them.
 *
 * @example
 * ```ts
 * import { encodePng, openDataset } from "@unet/data";
 * import { writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const data = new Uint8Array([0, 255]);
 * const png = await encodePng({ width: 2, height: 1, channels: 1, depth: 8, data });
 * await writeFile(`${folder}/images/a.png`, png);
 * await writeFile(`${folder}/masks/a_mask.png`, png);
 * const dataset = await openDataset(folder);
 * assertEquals(dataset.layout, "pairs");
 * assertEquals(dataset.cases.map((each) => each.id), ["a"]);
 * dataset.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openDataset(path: string): Promise<Dataset> {
  const listing = await listData(path);
  const names = listing.files.map(({ name }) => name);
  const described = await orClosed(listing, requireNnUnet(path, names));
  const zarrs = await zarrCases(listing.files);
  const { layout, cases: found, faults } = findCases(placed(zarrs.files));
  const cases = [...await orClosed(listing, joinSets(found)), ...zarrs.cases]
    .sort((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  if (cases.length === 0) {
    listing.close();
    throw unrecognized(path, listing);
  }
  if (described) {
    await orClosed(listing, requireNamedChannels(described, cases));
  }
  return {
    path,
    layout,
    cases,
    faults: [...listing.faults, ...zarrs.faults, ...faults],
    close: () => listing.close(),
  };
}

async function listData(path: string): Promise<Listing> {
  const zarr = await datasetOfZarr(path);
  if (zarr) return { files: [zarr], faults: [], close: () => {} };
  if (isFolder(path)) return listFolder(path);
  const listing = await listArchive(path);
  const part = listing.files.find(({ name }) => isPartOfZarr(name));
  if (!part) return listing;
  listing.close();
  throw new FileError(cannot("open", "dataset", path, {
    found: `an OME-Zarr in a zip of a dataset, ${part.name}`,
    expected: "a folder of them, or an OME-Zarr in a zip of its own",
    remedy: "unpack it",
  }));
}

/** What comes of work on a listing, which is closed where that fails. */
async function orClosed<Result>(
  listing: Listing,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    listing.close();
    throw error;
  }
}

/** The files, each knowing those in its folder. */
function placed(files: readonly DatasetFile[]): DatasetFile[] {
  const byName = new Map<string, DatasetFile>();
  for (const file of files) {
    const folder = file.name.slice(0, file.name.lastIndexOf("/") + 1);
    byName.set(file.name, {
      ...file,
      beside: (name) => byName.get(folder + name),
    });
  }
  return [...byName.values()];
}

function isFolder(path: string): boolean {
  try {
    const { isDirectory, isFile } = Deno.statSync(path);
    if (isDirectory || isFile) return isDirectory;
    // A pipe would be waited for, a device never end.
    throw new FileError(cannot("open", "dataset", path, {
      found: "neither a file nor a folder",
      expected: "a folder or a zip",
    }));
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("open", "dataset", path, {
        found: describeSystemFault(cause),
        expected: "a folder or a zip",
      }),
      { cause },
    );
  }
}

async function listArchive(path: string): Promise<Listing> {
  const start = readStart(path);
  if (/\.zip$/i.test(path) || describeBytes(start) === "a zip archive") {
    return await listZip(path);
  }
  const unread = unreadFormatOf(start, path);
  throw new FileError(cannot("open", "dataset", path, {
    found: formatOf(start)
      ? `a single ${formatOf(start)}`
      : unread?.words ?? describeBytes(start),
    expected: "a folder or a zip",
    ...(unread && { remedy: conversionRemedy(unread, path) }),
  }));
}

function readStart(path: string): Uint8Array {
  try {
    using file = Deno.openSync(path);
    const start = new Uint8Array(512);
    return start.subarray(0, file.readSync(start) ?? 0);
  } catch (cause) {
    throw new FileError(
      cannot("open", "dataset", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

function unrecognized(path: string, listing: Listing): DatasetError {
  if (zarrPlaceOf(path)) {
    return new DatasetError(
      cannot("open", "dataset", path, {
        found: "an OME-Zarr without labels",
        expected: "labels in the image, or in some fields of the plate",
        remedy:
          "or put it into a folder images/, and a mask of its name into " +
          "masks/ beside that",
      }),
    );
  }
  const { files, faults } = listing;
  const zips = files.filter((file) => /\.zip$/i.test(file.name));
  return new DatasetError(
    cannot("open", "dataset", path, {
      found: files.length === 0
        ? "no files"
        : `${count(files.length, "file")}, but no images with masks among them`,
      expected: layouts,
      ...(zips.length > 0 && {
        remedy: `name the zip itself, as ${zips[0]!.path}`,
      }),
    }),
    faults.map((fault) => fault.message),
  );
}
