/**
 * Planes: features of eight bits `[N, H, W, C]` whose every plane holds four
 * channels of all images, a pixel's four bytes together.
 *
 * Rows and images lie below each other, with a column of padding before each
 * row and a row of padding before each image and after the last, so that the
 * padding right of a row is that left of the next. Around a pixel, every
 * neighbor lies at the same distance, on the border too; a convolution walks
 * along a plane without knowing rows. A float plane has one channel, a pixel's
 * four bytes being its number.
 *
 * @module
 */

/** Pixels of a register, and bytes of a pixel in a plane. */
export const pixelsPerVector = 16, pixelBytes = 4;

/** Registers of pixels that a convolution works on at a time. */
export const vectorsPerGroup = 3;

/** Most groups that are one piece of work. */
const mostGroups = 16;

/** N, H and W. */
export type GridShape = readonly [n: number, height: number, width: number];

/** How planes of a size lie. */
export interface Grid {
  /** Images. */
  readonly images: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Bytes from a row to the next. */
  readonly row: number;
  /** Bytes from an image to the next. */
  readonly image: number;
  /** Bytes from a plane's beginning to its first pixel. */
  readonly first: number;
  /** Bytes of a plane. */
  readonly plane: number;
  /** Groups of a piece of work, and pieces. */
  readonly groups: number;
  /** Pieces of work of a convolution. */
  readonly pieces: number;
}

/** How planes of `[N, H, W]` lie, for so many threads. */
export function gridOf(
  [images, height, width]: GridShape,
  threads: number,
): Grid {
  const cells = width + 1, rows = images * (height + 1) + 1;
  const first = cells + 1;
  // The padding below the last image is among what is computed and masked.
  const positions = rows * cells + 1 - first;
  const all = Math.ceil(positions / (pixelsPerVector * vectorsPerGroup));
  const groups = Math.min(
    mostGroups,
    Math.max(1, Math.floor(all / (8 * threads))),
  );
  const spare = (mostGroups * vectorsPerGroup + 4) * pixelsPerVector;
  const lines = Math.ceil((rows * cells + 1 + spare) * pixelBytes / 64);
  return {
    ...{ images, height, width, groups },
    row: cells * pixelBytes,
    image: (height + 1) * cells * pixelBytes,
    first: first * pixelBytes,
    // An odd number of lines: planes do not meet in the same cache sets.
    plane: 64 * (lines | 1),
    pieces: Math.ceil(all / groups),
  };
}

/** What of each register of a grid are pixels, and which pixel is its first. */
export function pixelTables(
  { images, height, width, pieces, groups }: Grid,
): { masks: Uint16Array<ArrayBuffer>; places: Int32Array<ArrayBuffer> } {
  const vectors = pieces * groups * vectorsPerGroup;
  const masks = new Uint16Array(vectors), places = new Int32Array(vectors);
  let place = 0;
  for (let vector = 0; vector < vectors; vector++) {
    places[vector] = place;
    for (let lane = 0; lane < pixelsPerVector; lane++) {
      // The first pixel lies in row 1, column 1 of the padded images.
      const cell = vector * pixelsPerVector + lane + width + 2;
      const column = cell % (width + 1), row = Math.floor(cell / (width + 1));
      const isPixel = column > 0 && row % (height + 1) > 0 &&
        row < images * (height + 1);
      if (!isPixel) continue;
      masks[vector]! |= 1 << lane;
      place++;
    }
  }
  return { masks, places };
}

/** Windows of 4×4 pixels side by side that Winograd's program reads at once. */
const groupWidth = 16;

/** Whether Winograd's program works on a grid: its windows have to be whole. */
export function hasGroups(
  { height, width }: Pick<Grid, "height" | "width">,
): boolean {
  return height % 4 === 0 && width % groupWidth === 0;
}

/**
 * Where groups of four windows begin in a plane, a row and a column before
 * their first pixel; four groups a strip, the last of which comes again where
 * some are missing.
 */
export function groupPlaces(
  { images, height, width, row, image, first }: Grid,
): Int32Array<ArrayBuffer> {
  const places: number[] = [];
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y += 4) {
      for (let x = 0; x < width; x += groupWidth) {
        places.push(first + n * image + (y - 1) * row + (x - 1) * pixelBytes);
      }
    }
  }
  while (places.length % 4 > 0) places.push(places.at(-1)!);
  return Int32Array.from(places);
}
