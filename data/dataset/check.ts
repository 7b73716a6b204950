import type { Layout } from "./case.ts";
import type { Dataset } from "./dataset.ts";
import { DatasetBacking } from "./dataset_backing.ts";
import {
  type DecodedCase,
  readCaseFiles,
  withDecodedCase,
} from "./decode_case.ts";
import type { CaseOptions } from "./case_options.ts";
import { missingClassFaults, strangerFaults } from "./case_faults.ts";
import type { Fault } from "./fault.ts";
import { faultsOfIdentical } from "./identical_images.ts";
import type { MaskClass } from "../masks/mask_options.ts";
import { countLabels } from "../masks/count_labels.ts";
import { contentOf, seenPixels } from "../images/image_content.ts";
import { findModality, type Modality } from "./modality.ts";
import { mapPool } from "./pool.ts";

/** How {@linkcode checkDataset} works. */
export interface CheckOptions extends CaseOptions {
  /** Called after each case: how many of how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** How many cases are read at once, 4 if not given. */
  readonly concurrency?: number;
}

/** The content and problems of a case. */
export interface CaseReport {
  /** The case's id. */
  readonly id: string;
  /** Pixels per row; absent where the image cannot be read. */
  readonly width?: number;
  /** Rows; absent where the image cannot be read. */
  readonly height?: number;
  /** How the image was taken; absent where it cannot be read. */
  readonly modality?: Modality;
  /**
   * The same for images of the same size and pixels; absent where it cannot be
   * read.
   */
  readonly content?: string;
  /** How many instances were found; 0 in a map of classes. */
  readonly nuclei: number;
  /** The share of the pixels that are labeled; absent without labels. */
  readonly labeled?: number;
  /** How many pixels each class has, in a map of classes. */
  readonly classPixels?: readonly number[];
  /** The class of each instance, if objects have classes. */
  readonly objectClasses?: readonly number[];
  /** Whether training can use it: whether it has no errors. */
  readonly usable: boolean;
}

/** The usable images of one size and modality. */
export interface CheckRow {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How the images were taken. */
  readonly modality: Modality;
  /** How many there are. */
  readonly images: number;
  /** How many instances they have together. */
  readonly nuclei: number;
}

/** A class, and how often it occurs. */
export interface ClassCount extends MaskClass {
  /** Pixels of it in all images. */
  readonly pixels: number;
  /** Images that have it. */
  readonly images: number;
}

/** A class of objects, and how often it occurs. */
export interface ObjectClassCount {
  /** Its name; empty for objects whose class is not known. */
  readonly name: string;
  /** Objects of it in all images. */
  readonly objects: number;
  /** Images that have it. */
  readonly images: number;
}

/** The content of a dataset and every problem found; plain JSON. */
export interface CheckReport {
  /** Where the dataset is. */
  readonly path: string;
  /** How its files are laid out. */
  readonly layout: Layout;
  /** How many cases there are. */
  readonly images: number;
  /** How many of them training can use. */
  readonly usable: number;
  /** How many instances the usable ones have. */
  readonly nuclei: number;
  /** The share of the usable ones' pixels that are labeled. */
  readonly labeled: number;
  /** The classes of their masks, if these are maps of classes. */
  readonly classes?: readonly ClassCount[];
  /** The classes of their objects, if objects have classes. */
  readonly objectClasses?: readonly ObjectClassCount[];
  /** How many faults are errors. */
  readonly errors: number;
  /** How many faults are warnings. */
  readonly warnings: number;
  /** The usable cases by size and modality, the most frequent first. */
  readonly table: readonly CheckRow[];
  /**
   * All faults, the dataset's own first, then in order of the cases; identical
   * images last.
   */
  readonly faults: readonly Fault[];
  /** The cases by id. */
  readonly cases: readonly CaseReport[];
}

/**
 * Opens every case of a dataset and gathers all of its faults, never stopping
 * at one.
 *
 * Errors keep training from using a case: an image or mask that is missing,
 * surplus, damaged or of another size, an id with two images. Paths of a zip
 * that lead out of it, or come twice, are errors too. Warnings do not: a mask
 * that is all black, masks that overlap, as hand-drawn ones do, and masks that
 * can hardly be meant as they were read (a background that was taken for an
 * object, gray edges, probabilities, classes, several pages, …), and images
 * that are identical.
 *
 * @param dataset From {@linkcode openDataset}.
 * @param options Progress, and the limit on pixels.
 * @returns What the dataset holds and what is wrong.
 *
 * @example
 * ```ts
 * import { checkDataset, openDataset } from "@unet/data";
 * import { writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeFile(`${folder}/images/a.png`, "no image");
 * const dataset = await openDataset(folder);
 * const report = await checkDataset(dataset);
 * dataset.close();
 * assertEquals(
 *   report.faults.map((fault) => fault.kind),
 *   ["missing-mask", "unreadable-image"],
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function checkDataset(
  dataset: Dataset,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const { path, layout, cases } = dataset;
  const backing = new DatasetBacking();
  let done = 0;
  const checked = await mapPool(
    cases,
    options.concurrency ?? 4,
    async (each) => {
      using turn = backing.turn();
      const files = await readCaseFiles(each, { ...options, turn });
      const checked = await withDecodedCase(
        each,
        files,
        options,
        (decoded) => reportOf(each.id, decoded, options.classes?.length),
      );
      options.onProgress?.(++done, cases.length);
      return checked;
    },
  );
  const reports = checked.map(({ report }) => report);
  const usable = reports.filter((report) => report.usable);
  const faults = [
    ...dataset.faults,
    ...strangerFaults(options.objectClasses, cases),
    ...checked.flatMap(({ faults }) => faults),
    ...missingClassFaults(options.classes, usable),
    ...faultsOfIdentical(checked.filter(({ report }) => report.usable)),
  ];
  const errors = faults.filter((fault) => fault.severity === "error").length;
  return {
    path,
    layout,
    images: cases.length,
    usable: usable.length,
    nuclei: usable.reduce((sum, { nuclei }) => sum + nuclei, 0),
    labeled: labeledShare(usable),
    ...(options.classes && {
      classes: options.classes.map((one, at) => {
        const pixels = usable.map(({ classPixels }) => classPixels?.[at] ?? 0);
        return {
          ...one,
          pixels: pixels.reduce((sum, own) => sum + own, 0),
          images: pixels.filter((own) => own > 0).length,
        };
      }),
    }),
    ...(options.objectClasses && {
      objectClasses: countObjects(usable, options.objectClasses.names),
    }),
    errors,
    warnings: faults.length - errors,
    table: tabulate(usable),
    faults,
    cases: reports,
  };
}

/** A case's part of the report. */
function reportOf(
  id: string,
  { image, labels, nuclei, faults, objectClasses }: DecodedCase,
  classes: number | undefined,
): {
  readonly report: CaseReport;
  readonly faults: readonly Fault[];
  readonly id: string;
  readonly content?: string;
} {
  const counts = labels && countLabels(labels, classes);
  const content = image && contentOf(image, seenPixels(image));
  const report: CaseReport = {
    id,
    ...(image && {
      width: image.width,
      height: image.height,
      modality: findModality(image),
    }),
    ...(content !== undefined && { content }),
    nuclei,
    ...(counts && { labeled: counts.labeled }),
    ...(counts?.classPixels && { classPixels: counts.classPixels }),
    ...(objectClasses && { objectClasses }),
    usable: faults.every((fault) => fault.severity !== "error"),
  };
  return { report, faults, id, ...(content && { content }) };
}

/** How often classes of objects occur, and objects without. */
function countObjects(
  reports: readonly CaseReport[],
  names: readonly string[],
): ObjectClassCount[] {
  return ["", ...names.slice(1)].map((name, at) => {
    const wanted = at === 0 ? -1 : at;
    const counts = reports.map(({ objectClasses = [] }) =>
      objectClasses.filter((own) => own === wanted).length
    );
    return {
      name,
      objects: counts.reduce((sum, own) => sum + own, 0),
      images: counts.filter((own) => own > 0).length,
    };
  }).filter(({ name, objects }) => name !== "" || objects > 0);
}

/** The share of the pixels of all images that are labeled. */
function labeledShare(reports: readonly CaseReport[]): number {
  let pixels = 0, labeled = 0;
  for (const { width = 0, height = 0, labeled: share = 0 } of reports) {
    pixels += width * height;
    labeled += share * width * height;
  }
  return pixels === 0 ? 0 : labeled / pixels;
}

function tabulate(reports: readonly CaseReport[]): CheckRow[] {
  const rows = new Map<string, CheckRow>();
  for (const { width, height, modality, nuclei } of reports) {
    if (!width || !height || !modality) continue;
    const key = `${width} ${height} ${modality}`;
    const row = rows.get(key) ??
      { width, height, modality, images: 0, nuclei: 0 };
    rows.set(key, {
      ...row,
      images: row.images + 1,
      nuclei: row.nuclei + nuclei,
    });
  }
  return [...rows.values()].sort((a, b) =>
    b.images - a.images || a.width - b.width || a.height - b.height ||
    (a.modality < b.modality ? -1 : 1)
  );
}
