/**
 * Images, instance labels, samples and batches as plain data. Runs in a browser.
 *
 * @module
 */
/**
 * An image in memory: rows from the top, pixels from the left, channels
 * interleaved.
 */
export interface Image {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * 1 (gray), 3 (red, green, blue) or 4 (with alpha, last); any number where
   * they are separate.
   */
  readonly channels: number;
  /**
   * Whether channels were chosen one by one, as of fluorescence: then none of
   * them is a color or alpha. Not so if not given.
   */
  readonly isSeparate?: boolean;
  /** Bits a value: 8 and 16 are integers from 0, 32 are floats. */
  readonly depth: 8 | 16 | 32;
  /** `height · width · channels` values. */
  readonly data: Uint8Array | Uint16Array | Float32Array;
}

/** Width and height in pixels. */
export interface ImageSize {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** The instances of an image: for each pixel its object's number, or 0. */
export interface Labels {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height · width` instance numbers; 0 is background. */
  readonly data: Uint32Array;
}

/** An image with its instances, of the same size. */
export interface Sample {
  /** What the dataset calls it; unique within the dataset. */
  readonly id: string;
  /** The image. */
  readonly image: Image;
  /** The instances on it. */
  readonly labels: Labels;
  /**
   * The class of each instance, from number 1 on; −1 where it is not known.
   * There if objects have classes.
   */
  readonly objectClasses?: readonly number[];
}

/** Several tiles, ready for a network. */
export interface Batch {
  /** `[N, H, W]`: tiles, rows, columns. */
  readonly shape: readonly [number, number, number];
  /**
   * Red, green, blue in 0…1, laid out as `[N, H, W, 3]`; or the chosen channels
   * of a task, `[N, H, W, C]`, each normalized by its percentiles.
   */
  readonly x: Float32Array;
  /** The ground truth of each head by its name, laid out as `[N, H, W, C]`. */
  readonly targets: Readonly<Record<string, Float32Array>>;
  /**
   * How much each pixel counts in a weighted loss, laid out as `[N, H, W, 1]`;
   * there if the loader was asked for it.
   */
  readonly weights?: Float32Array;
  /** One id a tile: the image's id, and the tile's corner where it has several. */
  readonly ids: readonly string[];
  /** Which part of a larger batch it is, where several processes share one. */
  readonly share?: BatchShare;
}

/**
 * A process's part of a batch: its tiles from one number to before another. A
 * batch of fewer tiles than processes leaves some without: they get one that
 * counts nowhere, and `from` equals `to`.
 */
export interface BatchShare {
  /** The number of its first tile in the whole batch, from 0. */
  readonly from: number;
  /** The number after its last tile's. */
  readonly to: number;
  /** Tiles of the whole batch. */
  readonly of: number;
}

/**
 * Gives the same batches for the same epoch, always, whatever the number of
 * workers.
 */
export interface DataLoader {
  /** Batches an epoch. */
  readonly length: number;
  /** Tiles per epoch. */
  readonly tiles: number;
  /**
   * The batches of one epoch in order.
   *
   * @param epoch Counted from 0; each epoch shuffles and augments anew.
   * @param from The first batch wanted, counted from 0, as when a run resumes.
   */
  batches(epoch: number, from?: number): AsyncIterable<Batch>;
  /** Ends the workers. */
  close(): void;
}
