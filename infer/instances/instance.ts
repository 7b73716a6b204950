/** The axis of a stack: planes or time points. */
export type StackAxis = "plane" | "time";

/** Where a plane is in a stack, or a time point in a series. */
export interface StackPlace {
  /** What the stack is made of. */
  readonly axis: StackAxis;
  /** The plane, counted from 0; absent where planes are not chosen. */
  readonly plane?: number;
  /** The time point, counted from 0; absent where times are not chosen. */
  readonly time?: number;
  /**
   * Whether the file has no other axis, such as channels, or times beside
   * planes; not by default.
   */
  readonly isAlone?: boolean;
}

/** One object of an image. */
export interface Instance {
  /**
   * Its number: 1, 2, 3 … in the order in which instances are given; of a
   * linked stack, the number of the object that it is a section of.
   */
  readonly label: number;
  /** The first column of its bounding box. */
  readonly x: number;
  /** The first row of its bounding box. */
  readonly y: number;
  /** Columns of its bounding box. */
  readonly width: number;
  /** Rows of its bounding box. */
  readonly height: number;
  /** 1 inside and 0 outside, laid out as `[height, width]`. */
  readonly mask: Uint8Array;
  /**
   * The mean probability of its pixels, without those of filled holes, 0…1;
   * absent where no network predicted them.
   */
  readonly probability?: number;
  /**
   * The number of its class among the classes that the network knows; absent
   * where it knows none.
   */
  readonly class?: number;
  /** Where it is in a stack; absent where the image is no stack. */
  readonly place?: StackPlace;
}

/** An object that is too small to be an instance, and so has no label. */
export type Speck = Omit<Instance, "label">;

/** The instances that a band completed. */
export interface InstanceBand {
  /** The instances, in the order of their labels. */
  readonly instances: readonly Instance[];
  /** Objects that are too small to be instances, if the finder gives them. */
  readonly specks?: readonly Speck[];
  /**
   * Every instance that touches one of the rows 0 … `rows` − 1 has been given,
   * with this band or before.
   */
  readonly rows: number;
}
