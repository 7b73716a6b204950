/** A corner: 0, 0 is the top left corner of the top left pixel. */
export type Corner = readonly [x: number, y: number];

/** A closed line; the first corner is not repeated at the end. */
export type Ring = readonly Corner[];

/** The pixels of a whole image, column by column from the top left. */
export interface PixelRuns {
  /** The image's height. */
  readonly height: number;
  /** How many pixels in turn lie outside and inside of the object. */
  readonly lengths: readonly number[];
}

/** An object that a person or a program drew. */
export interface Annotation {
  /**
   * Its polygons, each with its holes: a pixel belongs to one whose rings go
   * around the pixel's center an odd number of times.
   */
  readonly polygons: readonly (readonly Ring[])[];
  /** Its pixels, where it is no polygon. */
  readonly mask?: PixelRuns;
  /** What messages call it; its place in the file where not given. */
  readonly name?: string;
  /** Its class, where it has one. */
  readonly className?: string;
  /** The plane or time point that it lies on, as its file counts. */
  readonly plane?: string;
}

/** The annotations of an image. */
export interface AnnotatedImage {
  /** The image's file name, or the stem that it shares with the annotations. */
  readonly image: string;
  /** Whether `image` is a whole name, with its ending. */
  readonly isWholeName: boolean;
  /** The image's size, where the annotations name it. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly annotations: readonly Annotation[];
  /** What is left out of it, as in "2 lines". */
  readonly leftOut: readonly string[];
}
