/**
 * Measures the masks of many images into one table and one page.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { type PixelSize, readLabels } from "@unet/data";
import { UnetError } from "@unet/errors";
import { makeFolder } from "@unet/files";
import {
  sizeClassOf,
  type SummaryRow,
  writeBatchTable,
  writeSummary,
} from "@unet/infer/outputs";
import { writeObjects } from "@unet/infer/write-objects";
import { KeptPrediction } from "../predictions/kept_prediction.ts";
import type { ViewChoice } from "../view/open_view.ts";
import {
  MaskMeasurer,
  type MeasuredMask,
  mostMeasuredPixels,
} from "./mask_measurer.ts";

/** An image whose mask is measured. */
export interface MaskToMeasure {
  /** What the table calls it. */
  readonly name: string;
  /** Its file. */
  readonly path: string;
  /** The file of its mask. */
  readonly mask: string;
  /** The plane and time point of which it is a mask; the first by default. */
  readonly choice?: ViewChoice;
  /** Where the mask comes from, for the column `setup`, as in "corrected". */
  readonly source: string;
  /** The names of all classes, without the background. */
  readonly classNames: readonly string[];
  /** The class of each object that has one. */
  readonly classes: ReadonlyMap<number, string>;
  /** Where a prediction is kept that gives objects' probabilities, or null. */
  readonly kept: string | null;
  /** The threshold by which the mask was found; null if a person changed it. */
  readonly threshold: number | null;
}

/** Where the results go, and who hears of them. */
export interface MeasureFolderOptions {
  /** The table, replaced if it is there. */
  readonly table: string;
  /** The page, replaced if it is there. */
  readonly page: string;
  /** What the page is about. */
  readonly title: string;
  /** An image is finished: how many objects it has, or what went wrong. */
  readonly onImage?: (name: string, result: number | UnetError) => void;
  /** Ends the work between two images. */
  readonly signal?: AbortSignal;
}

/**
 * Measures the masks of many images into one table, as `segment()` makes it of
 * a batch, and the page that sums them up. An image that fails is in the page
 * with the reason, and the others are measured.
 *
 * @param images The images.
 * @param options Where the results go.
 * @returns How many objects there are.
 * @throws {FileError} If the table or the page cannot be written.
 * @throws The signal's reason, when it is aborted; nothing is written then.
 */
export async function measureFolder(
  images: readonly MaskToMeasure[],
  { table, page, title, onImage = () => {}, signal }: MeasureFolderOptions,
): Promise<number> {
  await makeFolder(dirname(table));
  const parts = await Deno.makeTempDir({ dir: dirname(table) });
  try {
    const tables = [], rows: SummaryRow[] = [];
    const areas = new Set<number | undefined>();
    let objects = 0;
    for (const [at, image] of images.entries()) {
      signal?.throwIfAborted();
      const { name, source: setup } = image;
      try {
        const measured = await measureOne(image);
        const path = join(parts, `${at}.csv`);
        await writeObjects(path, "csv", { ...measured, name });
        tables.push({ name, path, setup });
        rows.push(summaryOf(name, measured));
        areas.add(pixelArea(measured.pixelSize));
        objects += measured.instances.length;
        onImage(name, measured.instances.length);
      } catch (error) {
        if (!(error instanceof UnetError)) throw error;
        rows.push({ name, error: error.message.replaceAll(image.path, name) });
        onImage(name, error);
      }
    }
    await writeBatchTable(table, tables);
    const [area] = areas.size === 1 ? areas : [];
    await writeSummary(page, rows, {
      title,
      facts: { Masks: masksOf(images) },
      ...(area !== undefined && { pixelArea: area }),
    });
    return objects;
  } finally {
    await Deno.remove(parts, { recursive: true });
  }
}

async function measureOne(
  { path, mask, choice, kept: folder, threshold, ...facts }: MaskToMeasure,
): Promise<MeasuredMask> {
  await using measurer = await MaskMeasurer.open(path, choice);
  const labels = await readLabels(mask, mostMeasuredPixels);
  const kept = folder === null ? null : await KeptPrediction.open(folder);
  return await measurer.measure(labels, {
    ...facts,
    ...(kept && { prediction: { kept, threshold } }),
  });
}

/** Where the masks come from, as in "3 corrected, 1 predicted by nuclei". */
function masksOf(images: readonly MaskToMeasure[]): string {
  const counts = new Map<string, number>();
  for (const { source } of images) {
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return [...counts].map(([source, count]) => `${count} ${source}`).join(", ");
}

function summaryOf(
  name: string,
  { width, height, pixelSize, classes, measurements }: MeasuredMask,
): SummaryRow {
  const sizes: Record<string, number> = {};
  const counts = (classes ?? []).slice(1).map((name) => ({ name, objects: 0 }));
  let area = 0;
  for (const { pixels, class: number } of measurements) {
    const size = sizeClassOf(pixels.area);
    sizes[size] = (sizes[size] ?? 0) + 1;
    area += pixels.area;
    if (number !== undefined) counts[number - 1]!.objects++;
  }
  const objects = measurements.length, square = pixelArea(pixelSize);
  return {
    ...{ name, width, height, objects, sizes, share: area / (width * height) },
    ...(objects > 0 && { meanArea: area / objects }),
    ...(square !== undefined && { pixelArea: square }),
    ...(objects > 0 && square !== undefined && {
      meanMicrometers: area / objects * square,
    }),
    ...(counts.length > 0 && { objectClasses: counts }),
  };
}

function pixelArea(size: PixelSize | undefined): number | undefined {
  return size && size.x * size.y;
}
