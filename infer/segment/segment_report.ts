import type { ReadingNote } from "@unet/data";
import type { ImageScale } from "../diameter/diameter_settings.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";
import type { WrittenTable } from "../batch/write_table.ts";
import type { ClassArea } from "../outputs/class_areas.ts";
import type { ClassCount } from "../outputs/class_counts.ts";
import type { StackShape } from "../outputs/stack_shape.ts";

/** How much of an image is of a class. */
export interface ClassShare extends ClassArea {
  /** Its share of all pixels, 0…1. */
  readonly share: number;
}

/** Facts about a stack in addition to those of an image. */
export interface StackReport extends StackShape {
  /** Instances of all planes; of these, linked ones are one object. */
  readonly sections: number;
  /** Whether instances were linked. */
  readonly isLinked: boolean;
}

/** An image that is segmented. */
export interface SegmentedFile {
  /** The image. */
  readonly input: string;
  /** Where its outputs are, by format, those that were kept among them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** What all planes of a stack say; absent where one plane was segmented. */
  readonly stack?: StackReport;
  /** The share of pixels that are object, 0…1; not of a network of classes. */
  readonly foreground?: number;
  /**
   * How many instances there are; linked ones of a stack are one. Not of a
   * network of classes.
   */
  readonly objects?: number;
  /** Pixels of all instances; not of a network of classes. */
  readonly area?: number;
  /**
   * How many instances there are of each class but the background, where they
   * have classes; of a stack, of its sections.
   */
  readonly objectClasses?: readonly ClassCount[];
  /** The area of each class, the background's first, with such a network. */
  readonly classes?: readonly ClassShare[];
  /** At which size the network saw it, where it was brought to one. */
  readonly imageScale?: ImageScale;
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
  readonly drawnFrom?: "mask" | "labels" | "picture" | "class map";
  /**
   * Outputs of an earlier run with other settings, below the output folder,
   * that were not asked for and stay; only where `force` is set.
   */
  readonly stale: readonly string[];
  /**
   * Seconds it took, reading and measuring its objects' size aside, which
   * happen while the network is busy with the images before.
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

/** The result of one image; test `"error" in file` and `"skipped" in file`. */
export type FileReport = SegmentedFile | SkippedFile | FailedFile;

/** The results of all images. */
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
