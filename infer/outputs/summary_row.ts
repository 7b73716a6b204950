import type { ClassArea } from "./class_areas.ts";
import type { ClassCount } from "./class_counts.ts";
import type { StackShape } from "./stack_shape.ts";

/** The row of an image in a summary. */
export interface SummaryRow {
  /** The image, as a person would write it. */
  readonly name: string;
  /** What went wrong, if something did; nothing else is shown then. */
  readonly error?: string;
  /** A file to open, as a path from the page's folder, with `/`. */
  readonly link?: string;
  /**
   * A picture with the objects, as a path from the page's folder, with `/`: the
   * page shows it small and opens it in its full size.
   */
  readonly picture?: string;
  /** Pixels per row. */
  readonly width?: number;
  /** Rows. */
  readonly height?: number;
  /** How many objects were found. */
  readonly objects?: number;
  /** What a stack is made of; absent where the image is none. */
  readonly stack?: StackShape;
  /** The sections of a stack's objects, one per object and plane. */
  readonly sections?: number;
  /** Whether sections are linked to objects; else each counts as one. */
  readonly isLinked?: boolean;
  /** The objects' share of the pixels, 0…1. */
  readonly share?: number;
  /** The objects' mean area in pixels. */
  readonly meanArea?: number;
  /** The objects' mean area in µm². */
  readonly meanMicrometers?: number;
  /** How many objects there are of each size class (`sizeClassOf()`). */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The area of each class, the background's first, where it has classes. */
  readonly classes?: readonly ClassArea[];
  /** The objects of each class, where objects have classes. */
  readonly objectClasses?: readonly ClassCount[];
  /** µm² per pixel, where that is known. */
  readonly pixelArea?: number;
}
