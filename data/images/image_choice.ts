/**
 * Which part of an image file is read. It means the same in every function
 * and command that reads images.
 */
export interface ImageChoice {
  /**
   * One channel, by its number from 0 or by its name (`"dapi"` finds "DAPI"),
   * or a projection of all but alpha: `"max"` or `"mean"`. Color is read as
   * color if not given; an image of several channels that are no color needs
   * a choice.
   */
  readonly channel?: number | string;
  /**
   * Several channels, each by its number from 0 or by its name, in the order
   * in which they are read: values as they are stored, separate from one
   * another. Not beside `channel`.
   */
  readonly channels?: readonly (number | string)[];
  /**
   * One plane of a stack, from 0, or a projection of all. If not given, the
   * first that the file holds, which the reader's `notes` say.
   */
  readonly plane?: number | "max" | "mean";
  /**
   * One time point of a series, from 0. If not given, the first that the file
   * holds, which the reader's `notes` say.
   */
  readonly time?: number;
  /** The level of a pyramid: 0 (if not given) is full size, then ever smaller. */
  readonly level?: number;
}

/** The subject of a reading note. */
export type ReadingNoteKind =
  | "planes"
  | "times"
  | "channels"
  | "images"
  | "pages"
  | "page-channels"
  | "bounds"
  | "icc"
  | "orientation";

/** Something that a file leaves open, and how it was read. */
export interface ReadingNote {
  /** What it is about. */
  readonly kind: ReadingNoteKind;
  /** What was found and what was taken, as in "5 planes: plane 0 taken". */
  readonly text: string;
}
