import type { ObjectSettings } from "@unet/app/object-options";
import type { ImageScale } from "@unet/infer/diameter-settings";
import type { DrawnStyle } from "./draw_labels.ts";

/** A part of an image. */
export interface ImagePart {
  /** The first column. */
  readonly x: number;
  /** The first row. */
  readonly y: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** What the page asks its worker. */
export interface ObjectsQuestion {
  /**
   * Whether a slider is about to move: the probabilities are read, objects are
   * found once, and there is no answer.
   */
  readonly isAhead: boolean;
  /** The image. */
  readonly name: string;
  /** Which prediction of it. */
  readonly version: string;
  /** The heads that are kept. */
  readonly heads: readonly string[];
  /** Where objects are looked for. */
  readonly part: ImagePart;
  /** What is an object. */
  readonly settings: ObjectSettings;
  /** At which size the network saw the image. */
  readonly scaled: ImageScale | undefined;
  /** How they are drawn. */
  readonly style: DrawnStyle;
}

/** What the worker found. */
export interface ObjectsAnswer {
  /** Where. */
  readonly part: ImagePart;
  /** Red, green, blue and alpha of each pixel. */
  readonly pixels: ArrayBuffer;
  /** How many objects there are. */
  readonly objects: number;
  /** How long it took. */
  readonly milliseconds: number;
}
