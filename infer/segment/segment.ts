import type { ReadingNote } from "@unet/data";
import { checkThreshold } from "../windows/check_threshold.ts";
import { clearLeftovers } from "./clear_leftovers.ts";
import { findInputs } from "./find_inputs.ts";
import type { SourceOptions } from "./open_source.ts";
import { planOutputs, prepareFolder } from "./plan_outputs.ts";
import { secondsSince } from "./seconds_since.ts";
import { SegmentBatch, styleOf } from "./segment_batch.ts";
import { checkBatchFiles, writeBatchFiles } from "./write_batch_files.ts";
import { Manifest } from "../batch/manifest.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";
import type { BatchEstimate } from "../batch/progress.ts";
import { type Shard, shardOf } from "../batch/shard.ts";
import type { WrittenTable } from "../batch/write_table.ts";
import { settle } from "../instances/settle.ts";
import type { InstanceOptions } from "../instances/instance_options.ts";
import type { OutputFormat } from "./output_format.ts";
import type { Predict } from "../windows/predict.ts";
import type { SegmentImageOptions } from "../windows/segment_bands.ts";

/** How far the work is; share, speed and time left are of the whole batch. */
export interface SegmentProgress extends BatchEstimate {
  /** The image that is being segmented. */
  readonly input: string;
  /** Images before this one. */
  readonly filesDone: number;
  /** Images in all. */
  readonly files: number;
  /** Finished windows of this image. */
  readonly windowsDone: number;
  /** Windows of this image. */
  readonly windows: number;
  /** Pixels of this image. */
  readonly pixels: number;
}

/** An image that is segmented. */
export interface SegmentedFile {
  /** The image. */
  readonly input: string;
  /** Where its outputs are, by format, those that were kept among them. */
  readonly outputs: Readonly<Partial<Record<OutputFormat, string>>>;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The share of pixels that are object, 0…1. */
  readonly foreground: number;
  /** How many instances there are. */
  readonly objects: number;
  /** Pixels of all instances. */
  readonly area: number;
  /** What the file leaves open, and how it was read. */
  readonly notes: readonly ReadingNote[];
  /** Empty margins that were left out, in pixels, where they were looked for. */
  readonly margins?: {
    /** Columns on the left. */
    readonly left: number;
    /** Rows at the top. */
    readonly top: number;
    /** Columns on the right. */
    readonly right: number;
    /** Rows at the bottom. */
    readonly bottom: number;
  };
  /** The paths of the outputs that were written now. */
  readonly written: readonly string[];
  /**
   * Outputs of an earlier run with the same settings that stay as they are,
   * below the output folder.
   */
  readonly kept: readonly string[];
  /** Those of {@linkcode kept} that were written in another way than asked for. */
  readonly otherKind: readonly string[];
  /** The output that the missing ones were drawn from, without the network. */
  readonly drawnFrom?: "mask" | "labels" | "picture";
  /**
   * Outputs of an earlier run with other settings, below the output folder,
   * that were not asked for and stay; only where `force` is set.
   */
  readonly stale: readonly string[];
  /**
   * Seconds it took, reading aside, which happens while the network is busy
   * with the image before.
   */
  readonly seconds: number;
}

/** An image that an earlier run has segmented in the same way. */
export interface SkippedFile {
  /** The image. */
  readonly input: string;
  /** What the manifest says of it. */
  readonly skipped: DoneEvent;
  /** Outputs that somebody changed since, by their size; they stay so. */
  readonly changed: readonly string[];
  /**
   * Overlays that show something else than asked for, and TIFFs with or without
   * a pyramid; they stay so.
   */
  readonly otherKind: readonly string[];
}

/** An image that could not be segmented. */
export interface FailedFile {
  /** The image. */
  readonly input: string;
  /** Why: a `FileError` or `ModelError` of `@unet/errors`. */
  readonly error: Error;
}

/** What became of one image; `"error" in file` and `"skipped" in file` tell which. */
export type FileReport = SegmentedFile | SkippedFile | FailedFile;

/** What became of all images. */
export interface SegmentReport {
  /** One entry an image, in the order of work. */
  readonly files: readonly FileReport[];
  /** Images that are segmented. */
  readonly segmented: number;
  /** Images that an earlier run has segmented in the same way. */
  readonly skipped: number;
  /** Images that are not. */
  readonly failed: number;
  /** Lines of the folder's manifests that could not be read, a message each. */
  readonly manifestFaults: readonly string[];
  /** The table of the whole batch, where `formats` has csv. */
  readonly table?: WrittenTable;
  /** Where the summary is, if one was asked for. */
  readonly summary?: string;
  /** Seconds it took in all. */
  readonly seconds: number;
}

/** How files are segmented, and where to. */
export interface SegmentOptions
  extends Omit<SegmentImageOptions, "onProgress">, SourceOptions {
  /** The network. */
  readonly predict: Predict;
  /** Names the network in the manifest, as by a hash of its weights. */
  readonly model?: string;
  /** The folder for the outputs; made if it is missing. */
  readonly out: string;
  /** What is written of each image; a mask as PNG by default. */
  readonly formats?: readonly OutputFormat[];
  /** How instances are separated. */
  readonly instances?: InstanceOptions;
  /**
   * What overlays show: the mask, or each instance in its own color; instances
   * by default where a format holds instances, else the mask.
   */
  readonly overlayStyle?: "mask" | "instances";
  /** How often the network looks at each window, mirrored; once by default. */
  readonly views?: 1 | 4 | 8;
  /** Whether TIFFs get smaller levels, and overlays are TIFFs; not by default. */
  readonly pyramid?: boolean;
  /**
   * Whether `summary.html` is written, `summary-2-of-8.html` for a shard, and a
   * picture of each image into `summary/`; not by default.
   */
  readonly summary?: boolean;
  /** What a person calls the network, for the summary. */
  readonly modelName?: string;
  /** The command line that the summary lists. */
  readonly command?: string;
  /**
   * Whether all is done anew and outputs that are there already are replaced;
   * not by default.
   */
  readonly force?: boolean;
  /** Whether an image that a kill interrupted goes on; not by default. */
  readonly resume?: boolean;
  /** The part of the images that is done; all by default. */
  readonly shard?: Shard;
  /** A pixel is object when its probability is above this; 0.5 by default. */
  readonly threshold?: number;
  /**
   * Images of more pixels go from the network to the disk row by row, and can
   * be resumed; the others wait in memory until they are written, while the
   * network sees the next one. 2²⁴ by default.
   */
  readonly streamAbove?: number;
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
  /**
   * Called before any work where another process may write into the output
   * folder unnoticed, as on some network file systems, with words that say so.
   */
  readonly onUnlocked?: (warning: string) => void;
}

/**
 * Segments image files: a mask as PNG for each, of the image's exact size,
 * 255 on objects and 0 elsewhere, or whatever else `formats` asks for.
 *
 * An input is an image, a folder, or a pattern as `plates/**\/*.tif`. Of a
 * folder, the images in it and in its sub-folders are taken, told by their
 * ending, in natural order; hidden files, links to folders and the output
 * folder are passed over. An image given twice is segmented once.
 *
 * The mask of `cells/a/1.jpg`, found in the folder `cells`, is `a/1.png` in
 * the output folder, its overlay `a/1_overlay.png`; that of an image named
 * outright has its name alone. Files appear whole or not at all, the mask last.
 *
 * A manifest in the output folder notes what was done, so that a rerun passes
 * over images whose content, network, settings and outputs are the same. An
 * input is never replaced, an output that is there already only if it is an
 * interrupted run's own or `force` says so.
 *
 * One image that cannot be read, segmented or written is reported, and the
 * rest go on. The next image is opened and the last one written while the
 * network is busy. Large images stream: of a tiled file some rows of windows
 * are in memory at a time.
 *
 * @param inputs Images and folders.
 * @param options The network, the output folder, and the rest.
 * @returns What became of each image.
 * @throws {FileError} Before any work: if an input is missing, a folder holds
 * no image, the output folder cannot be written or is an input, another
 * process segments into it, or two images would make the same output; and
 * when a full disk fails three images in a row.
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
 * assertEquals(file && "foreground" in file && file.foreground, 0.25);
 * ```
 */
export async function segment(
  inputs: readonly string[],
  options: SegmentOptions,
): Promise<SegmentReport> {
  const { out, threshold = 0.5, signal, shard } = options;
  if (inputs.length === 0) {
    throw new RangeError("Cannot segment: found no input, expected at least 1");
  }
  checkThreshold(threshold);
  signal?.throwIfAborted();
  const started = performance.now();
  const settings = settingsOf(options);
  const { formats = ["png"], pyramid = false, summary = false } = options;
  const found = await findInputs(inputs, out);
  await prepareFolder(out);
  const style = styleOf(options);
  const jobs =
    (await planOutputs(found, out, { formats, pyramid, style, summary }))
      .filter(({ name }) =>
        !shard || shardOf(name, shard.count) === shard.index
      );
  using manifest = await Manifest.open(out, {
    ...{ settings, model: options.model ?? "", files: jobs.length, formats },
    ...(shard && { shard }),
    force: options.force ?? false,
  });
  if (manifest.lockWarning !== null) options.onUnlocked?.(manifest.lockWarning);
  await clearLeftovers(out, jobs, manifest);
  await checkBatchFiles(manifest, options);
  const batch = new SegmentBatch(manifest, jobs, options);
  try {
    await batch.run();
  } catch (error) {
    // What is finished is in the table and in the summary all the same.
    if (signal?.aborted) await writeBatchFiles(manifest, options);
    throw error;
  }
  manifest.end();
  const written = await writeBatchFiles(manifest, options);
  const { files } = batch;
  const failed = files.filter((file) => "error" in file).length;
  const skipped = files.filter((file) => "skipped" in file).length;
  return {
    files,
    segmented: files.length - failed - skipped,
    ...{ skipped, failed, manifestFaults: manifest.faults },
    ...written,
    seconds: secondsSince(started),
  };
}

/**
 * The settings that decide what is found on an image, besides the model. What
 * is written of it, and how it looks, is none of them: a rerun may add to it.
 */
const deciding = [
  ...["context", "tile", "margin", "overlap", "blend", "multiple"],
  ...["level", "channel", "plane", "time"],
  ...["pixelSize", "imagePixelSize", "cropBorders"],
] as const;

function settingsOf(options: SegmentOptions): Record<string, unknown> {
  const all = options as unknown as Record<string, unknown>;
  const { views = 1, threshold = 0.5, instances } = options;
  const { threshold: inside, ...settled } = settle({ threshold, ...instances });
  return {
    ...Object.fromEntries(
      deciding.filter((name) => all[name] !== undefined)
        .map((name) => [name, all[name]]),
    ),
    ...{ views, threshold },
    instances: inside === threshold
      ? settled
      : { ...settled, threshold: inside },
  };
}
