import type { ImageChoice } from "@unet/data";
import type { SourceOptions } from "./open_source.ts";
import type { FileReport } from "./segment_report.ts";
import type { BatchEstimate } from "../batch/progress.ts";
import type { Shard } from "../batch/shard.ts";
import type { DiameterSettings } from "../diameter/diameter_settings.ts";
import type { CustomFormats } from "../formats/custom_formats.ts";
import type { OutputFormat } from "../formats/formats.ts";
import type { InstanceOptions } from "../instances/instance_options.ts";
import type { Predict } from "../windows/predict.ts";
import type { WindowOptions } from "../windows/window_plan.ts";

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

/**
 * Everything except the network that decides the result of an image. A manifest
 * stores all of it; another value of any of it is another result.
 */
export interface ResultSettings extends
  WindowOptions,
  Omit<
    SourceOptions,
    "maxPixels" | "plane" | "time" | "normalization"
  > {
  /**
   * One plane, or a projection of all; `"all"` segments every plane, in order,
   * into outputs of as many planes. The first if not given.
   */
  readonly plane?: ImageChoice["plane"] | "all";
  /** One time point, or `"all"`, as of planes. The first if not given. */
  readonly time?: number | "all";
  /**
   * Links the objects of neighboring planes or time points whose intersection
   * over union is at least this, above 0 and up to 1: they have one number. Not
   * by default. Needs all planes or times.
   */
  readonly link?: number;
  /**
   * A pixel is object when its probability is above this; 0.5 by default. Not
   * for a network of classes, where the most probable class counts.
   */
  readonly threshold?: number;
  /** How often the network sees each window, mirrored; once by default. */
  readonly views?: 1 | 4 | 8;
  /**
   * The size that the network learned, which images are brought to, and
   * results back; not by default, nor for a network of classes, nor beside
   * `pixelSize`.
   */
  readonly diameter?: DiameterSettings;
  /** How instances are separated; not for a network of classes. */
  readonly instances?: InstanceOptions;
}

/** How files are segmented, and where to. */
export interface SegmentOptions extends Pick<SourceOptions, "maxPixels"> {
  /** The network. */
  readonly predict: Predict;
  /** Names the network in the manifest, as by a hash of its weights. */
  readonly model?: string;
  /** The folder for the outputs; made if it is missing. */
  readonly out: string;
  /** What is written of each image; a mask as PNG by default. */
  readonly formats?: readonly OutputFormat[];
  /** Formats of your own, by name, written beside these; none by default. */
  readonly customFormats?: CustomFormats;
  /**
   * The name of labels that the format `ome-zarr` writes into its images, as
   * their `labels/NAME`, instead of into the output folder; the images are then
   * OME-Zarrs in folders. Not by default.
   */
  readonly intoLabels?: string;
  /**
   * What decides the result. What is written of it, and how it looks, is not
   * part of this: a rerun may add outputs.
   */
  readonly settings?: ResultSettings;
  /**
   * What overlays show: the mask, or each instance in its own color; instances
   * by default where a format holds instances or instances have classes, else
   * the mask. Not for a network of classes, whose overlays show these.
   */
  readonly overlayStyle?: "mask" | "instances";
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
  /** Whether an image that a kill interrupted continues; not by default. */
  readonly resume?: boolean;
  /** The part of the images that is done; all by default. */
  readonly shard?: Shard;
  /**
   * Windows that the network sees at once; by default as many as hold half a
   * million pixels, at least one.
   */
  readonly batchSize?: number;
  /** Ends the work between two batches of windows. */
  readonly signal?: AbortSignal;
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
  /** Called before any work with a line about what was left out. */
  readonly onNote?: (line: string) => void;
}
