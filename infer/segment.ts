import { decodeImage, encodePng, type Image } from "@unet/data";
import { FileError, ModelError } from "@unet/errors";
import { readFile, writeFile } from "@unet/files";
import { checkThreshold } from "./_check_threshold.ts";
import { findInputs } from "./_find_inputs.ts";
import {
  type Job,
  planOutputs,
  prepareFolder,
  refuseExisting,
} from "./_plan_outputs.ts";
import { drawOverlay } from "./draw_overlay.ts";
import type { Predict } from "./predict.ts";
import type { SegmentImageOptions } from "./segment_bands.ts";
import { segmentImage } from "./segment_image.ts";
import { toMask } from "./to_mask.ts";

/** How far the work is. */
export interface SegmentProgress {
  /** The image that is being segmented. */
  readonly input: string;
  /** Images finished before this one. */
  readonly filesDone: number;
  /** Images in all. */
  readonly files: number;
  /** Finished tiles of this image. */
  readonly tilesDone: number;
  /** Tiles of this image. */
  readonly tiles: number;
}

/** An image that is segmented. */
export interface SegmentedFile {
  /** The image. */
  readonly input: string;
  /** Where its mask is. */
  readonly mask: string;
  /** Where its overlay is, if one was wanted. */
  readonly overlay?: string;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The share of pixels that are object, 0…1. */
  readonly foreground: number;
  /**
   * Seconds it took, reading aside, which happens while the network is busy
   * with the image before.
   */
  readonly seconds: number;
}

/** An image that could not be segmented. */
export interface FailedFile {
  /** The image. */
  readonly input: string;
  /** Why: a `FileError` or `ModelError` of `@unet/errors`. */
  readonly error: Error;
}

/** What became of one image; `"error" in file` tells which. */
export type FileReport = SegmentedFile | FailedFile;

/** What became of all images. */
export interface SegmentReport {
  /** One entry an image, in the order of work. */
  readonly files: readonly FileReport[];
  /** Images that are segmented. */
  readonly segmented: number;
  /** Images that are not. */
  readonly failed: number;
  /** Seconds it took in all. */
  readonly seconds: number;
}

/** How files are segmented, and where to. */
export interface SegmentOptions
  extends Omit<SegmentImageOptions, "onProgress"> {
  /** The network. */
  readonly predict: Predict;
  /** The folder for the outputs; made if it is missing. */
  readonly out: string;
  /** Whether an overlay is drawn for each image; not by default. */
  readonly overlay?: boolean;
  /** Whether outputs that are there already are replaced; not by default. */
  readonly force?: boolean;
  /** A pixel is object when its probability is above this; 0.5 by default. */
  readonly threshold?: number;
  /** Pixels above which an image is refused; `decodeImage`'s limit by default. */
  readonly maxPixels?: number;
  /**
   * Called after each image.
   *
   * @param file What became of it.
   * @param done Images finished, this one included.
   * @param total Images in all.
   */
  readonly onFile?: (file: FileReport, done: number, total: number) => void;
  /** Called after each batch of windows. */
  readonly onProgress?: (progress: SegmentProgress) => void;
}

/**
 * Segments image files: a mask as PNG for each, of the image's exact size,
 * 255 on objects and 0 elsewhere, and an overlay where asked for.
 *
 * An input is an image or a folder. Of a folder, the images in it and in its
 * sub-folders are taken (by their ending: png, jpg, jpeg, tif, tiff, webp, gif) in
 * natural order; hidden files, links to folders and the output folder are
 * passed over. An image given twice is segmented once.
 *
 * The mask of `cells/a/1.jpg`, found in the folder `cells`, is `a/1.png` in
 * the output folder, its overlay `a/1_overlay.png`; that of an image named
 * outright has its name alone. An input is never replaced, an output that is
 * there already only if `force` says so. Files appear whole or not at all,
 * the mask last.
 *
 * One image that cannot be read, segmented or written is reported, and the
 * rest go on. The next image is read while the network is busy with the
 * current one, so two images are in memory.
 *
 * @param inputs Images and folders.
 * @param options The network, the output folder, and the rest.
 * @returns What became of each image.
 * @throws {FileError} Before any work: if an input is missing, a folder holds
 * no image, the output folder cannot be written or is an input, or two images
 * would make the same output.
 * @throws {RangeError} If there is no input, or a setting is out of its range.
 * @throws The signal's reason, when it is aborted; files finished before stay.
 *
 * @example
 * ```ts
 * import { segment } from "@unet/infer";
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const gray = { width: 2, height: 2, channels: 1, depth: 8 } as const;
 * const data = new Uint8Array([255, 0, 0, 0]);
 * await Deno.writeFile(`${folder}/cell.png`, await encodePng({ ...gray, data }));
 * const report = await segment([folder], {
 *   predict: (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 *   out: `${folder}/masks`,
 * });
 * const [file] = report.files;
 * assertEquals(file && "mask" in file && file.foreground, 0.25);
 * ```
 */
export async function segment(
  inputs: readonly string[],
  options: SegmentOptions,
): Promise<SegmentReport> {
  const { out, overlay = false, threshold = 0.5, signal, onFile } = options;
  if (inputs.length === 0) {
    throw new RangeError("Cannot segment: found no input, expected at least 1");
  }
  checkThreshold(threshold);
  signal?.throwIfAborted();
  const started = performance.now();
  const found = await findInputs(inputs, out);
  await prepareFolder(out);
  const jobs = await planOutputs(found, out, overlay);
  const files: FileReport[] = [];
  let next = readAhead(jobs[0], options);
  try {
    for (const [index, job] of jobs.entries()) {
      const read = await next;
      signal?.throwIfAborted();
      next = readAhead(jobs[index + 1], options);
      const file = read instanceof FileError
        ? { input: job.input, error: read }
        : await segmentFile(job, read!, options, index, jobs.length);
      files.push(file);
      onFile?.(file, files.length, jobs.length);
    }
  } finally {
    await Promise.allSettled([next]);
  }
  const failed = files.filter((file) => "error" in file).length;
  return {
    files,
    segmented: files.length - failed,
    failed,
    seconds: secondsSince(started),
  };
}

/** Reads an image, and hands over the fault where it cannot. */
function readAhead(
  job: Job | undefined,
  options: SegmentOptions,
): Promise<Image | FileError | undefined> {
  const reading = job && read(job, options);
  // Awaited only once the network is done, which is too late for the runtime.
  reading?.catch(() => {});
  return Promise.resolve(reading);
}

async function read(
  job: Job,
  { force = false, maxPixels }: SegmentOptions,
): Promise<Image | FileError> {
  try {
    if (!force) await refuseExisting(job);
    const bytes = await readFile(job.input, "image");
    return await decodeImage(
      bytes,
      job.input,
      maxPixels === undefined ? {} : { maxPixels },
    );
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

async function segmentFile(
  job: Job,
  image: Image,
  options: SegmentOptions,
  filesDone: number,
  files: number,
): Promise<FileReport> {
  const started = performance.now();
  const { input } = job, { width, height } = image;
  try {
    const segmentation = await segmentImage(image, options.predict, {
      ...options,
      onProgress: (tilesDone, tiles) =>
        options.onProgress?.({ input, filesDone, files, tilesDone, tiles }),
    });
    const mask = toMask(segmentation, options.threshold);
    await write(job, image, mask);
    const foreground = shareOfObjects(mask);
    const seconds = secondsSince(started);
    return { ...job, width, height, foreground, seconds };
  } catch (error) {
    if (error instanceof FileError || error instanceof ModelError) {
      return { input, error };
    }
    throw error;
  }
}

async function write(job: Job, image: Image, mask: Image): Promise<void> {
  if (job.overlay !== undefined) {
    const overlay = await encodePng(drawOverlay(image, mask));
    await writeFile(job.overlay, overlay, "overlay");
  }
  await writeFile(job.mask, await encodePng(mask), "mask");
}

function shareOfObjects({ data }: Image): number {
  let objects = 0;
  for (let index = 0; index < data.length; index++) {
    if (data[index] !== 0) objects++;
  }
  return objects / data.length;
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
