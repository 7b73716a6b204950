import { basename } from "@std/path";
import { count, FileError } from "@unet/errors";
import type { Case } from "./case.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";
import { listZarrImages, listZarrLabels } from "../zarr/list_zarr_images.ts";
import { hashZarr, stampOfZarr } from "../zarr/zarr_content.ts";
import { isZarrName, zarrPlaceOf } from "../zarr/zarr_place.ts";

/** What the OME-Zarrs of a dataset are. */
export interface ZarrFiles {
  /** Images with labels in them, and fields of plates. */
  readonly cases: readonly Case[];
  /** What was left out. */
  readonly faults: readonly Fault[];
  /** Images and masks that belong to others by their names. */
  readonly files: readonly DatasetFile[];
}

/**
 * Sorts the OME-Zarrs of a dataset: those that hold their own labels, and the
 * fields of plates, are cases; of the others, names decide.
 *
 * @param files Files of which some may be OME-Zarrs.
 */
export async function zarrCases(
  files: readonly DatasetFile[],
): Promise<ZarrFiles> {
  const cases: Case[] = [], others: DatasetFile[] = [], faults: Fault[] = [];
  for (const file of files) {
    const { diskPath } = file;
    if (diskPath === undefined || !zarrPlaceOf(diskPath)) {
      others.push(file);
      continue;
    }
    try {
      const own = await casesOf(file, diskPath);
      if (own) cases.push(...own.cases);
      else others.push(await fileOfZarr(file.name, diskPath));
      for (const { message } of own?.faults ?? []) {
        faults.push({ kind: "missing-image", severity: "error", message });
      }
      if (own && own.unlabeled > 0) {
        faults.push({
          ...{ kind: "missing-mask", severity: "warning" },
          message: `${file.name}: ${
            count(own.unlabeled, "field")
          } without labels left out`,
        });
      }
    } catch (error) {
      // What is wrong with it is said when it is read.
      if (!(error instanceof FileError)) throw error;
      others.push(file);
    }
  }
  return { cases, faults, files: others };
}

/** The cases of an OME-Zarr; undefined for an image without labels. */
async function casesOf(
  file: DatasetFile,
  path: string,
): Promise<
  {
    readonly cases: Case[];
    readonly unlabeled: number;
    /** Of wells that cannot be read. */
    readonly faults: readonly FileError[];
  } | undefined
> {
  const images = await listZarrImages(path) ?? [];
  const name = file.name.replace(/(\.ome)?(\.zarr|\.zarr\.zip|\.ozx)$/i, "");
  const cases: Case[] = [], faults: FileError[] = [];
  let unlabeled = 0;
  for (const image of images) {
    if (image.fault) {
      faults.push(image.fault);
      continue;
    }
    const below = image.path.slice(path.length);
    const labels = await listZarrLabels(image.path);
    if (image.field === undefined && labels.length === 0) return undefined;
    // People annotate some fields of a plate.
    if (labels.length === 0) {
      unlabeled++;
      continue;
    }
    cases.push({
      id: image.field === undefined ? name : `${name}/${image.field}`,
      layout: "pairs",
      images: [await fileOfZarr(file.name + below, image.path)],
      masks: await Promise.all(
        labels.map((label) =>
          fileOfZarr(file.name + label.slice(path.length), label)
        ),
      ),
    });
  }
  return { cases, unlabeled, faults };
}

/**
 * An OME-Zarr as a file of a dataset. Its content is that of its files: their
 * hash, for nobody reads them as one.
 *
 * @param name Its path within the dataset.
 * @param path Where it lies.
 * @throws {FileError} If it cannot be read.
 */
export async function fileOfZarr(
  name: string,
  path: string,
): Promise<DatasetFile> {
  const { size, modified } = await stampOfZarr(path) ??
    { size: 0, modified: 0 };
  return {
    ...{ name, path, diskPath: path, size, stored: size },
    stamp: String(modified),
    read: async () => new TextEncoder().encode(await hashZarr(path) ?? ""),
  };
}

/** The OME-Zarr that a dataset's own path is; undefined where it is none. */
export async function datasetOfZarr(
  path: string,
): Promise<DatasetFile | undefined> {
  const isOne = zarrPlaceOf(path) !== undefined;
  return isOne ? await fileOfZarr(basename(path), path) : undefined;
}

/** Whether a name within a zip is that of a part of an OME-Zarr. */
export function isPartOfZarr(name: string): boolean {
  return name.split("/").slice(0, -1).some(isZarrName);
}
