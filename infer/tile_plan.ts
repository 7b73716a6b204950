/**
 * What a network sees around each tile: `reflect` mirrors the tile itself, as
 * the report does; `neighbors` takes the image's own pixels and mirrors at the
 * image's border alone.
 */
export type Context = "neighbors" | "reflect";

/** How an image is cut for the network. */
export interface TileOptions {
  /** What the network sees around each tile; `neighbors` by default. */
  readonly context?: Context;
  /**
   * Pixels a tile along each axis: 128 by default with `reflect`, 256 with
   * `neighbors`.
   */
  readonly tile?: number;
  /**
   * Pixels of context on each side of a tile: 64 by default with `reflect`,
   * 32 with `neighbors`. The window that the network sees has
   * `tile + 2 · margin` pixels a side, which must suit the network.
   */
  readonly margin?: number;
}

/** The part of an image that one window decides, and where the window's pixels come from. */
export interface PlannedTile {
  /** The tile's first column on the image. */
  readonly x: number;
  /** The tile's first row on the image. */
  readonly y: number;
  /** Columns of the tile; fewer than asked for at the image's right. */
  readonly width: number;
  /** Rows of the tile; fewer than asked for at the image's bottom. */
  readonly height: number;
  /** The tile's first column within its window. */
  readonly insetX: number;
  /** The tile's first row within its window. */
  readonly insetY: number;
  /** The image's column for each of the window's. */
  readonly columns: Int32Array;
  /** The image's row for each of the window's. */
  readonly rows: Int32Array;
}

/** The tiles of an image and their windows. */
export interface TilePlan {
  /** Pixels along each side of every window. */
  readonly side: number;
  /** The tiles, row by row; together they cover each pixel once. */
  readonly tiles: readonly PlannedTile[];
}

/** The tile along one axis. */
interface Span {
  start: number;
  length: number;
  inset: number;
  sources: Int32Array;
}

const reportSizes = { tile: 128, margin: 64 };

// One window of 320 holds the 256×256 images that networks are trained on, and
// computes 1.6 pixels for each that it keeps; the report's computes 4.
const neighborSizes = { tile: 256, margin: 32 };

/**
 * Lays tiles over an image so that they cover each pixel exactly once, and
 * says which pixels the network sees around each.
 *
 * Tiles start at multiples of the tile's size; the last column and row are as
 * narrow as what is left. Every window has the same size all the same.
 *
 * - `reflect`: the window mirrors its own tile, as numpy's
 *   `pad(mode="reflect")`: `margin` pixels before it, and after it as many as
 *   fill the window. A narrow tile is mirrored back and forth.
 * - `neighbors`: the window holds the image's pixels at least `margin` around
 *   the tile. The windows at the right and bottom are moved inwards, so that
 *   none reaches more than `margin` beyond the image; where the whole image is
 *   no larger than a tile, it lies in the window's center, as in training.
 *   What lies beyond the image mirrors the image, as numpy's `pad` does.
 *
 * @param width Pixels a row of the image.
 * @param height Rows of the image.
 * @param options The context and its sizes.
 * @returns The plan; windows of one column share their table, and so do rows.
 * @throws {RangeError} If a size is not an integer in its range.
 *
 * @example
 * ```ts
 * import { planTiles } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = planTiles(300, 100, { context: "reflect" });
 * assertEquals(plan.side, 256);
 * assertEquals(plan.tiles.map((tile) => [tile.x, tile.width]), [
 *   [0, 128],
 *   [128, 128],
 *   [256, 44],
 * ]);
 * ```
 */
export function planTiles(
  width: number,
  height: number,
  options: TileOptions = {},
): TilePlan {
  const { context = "neighbors" } = options;
  const sizes = context === "reflect" ? reportSizes : neighborSizes;
  const { tile = sizes.tile, margin = sizes.margin } = options;
  checkSize("width", width, 1);
  checkSize("height", height, 1);
  checkSize("tile", tile, 1);
  checkSize("margin", margin, 0);
  const spansOf = context === "reflect" ? reflectedSpans : neighborSpans;
  const columns = spansOf(width, tile, margin);
  const tiles = spansOf(height, tile, margin).flatMap((row) =>
    columns.map((column) => ({
      x: column.start,
      y: row.start,
      width: column.length,
      height: row.length,
      insetX: column.inset,
      insetY: row.inset,
      columns: column.sources,
      rows: row.sources,
    }))
  );
  return { side: tile + 2 * margin, tiles };
}

function reflectedSpans(size: number, tile: number, margin: number): Span[] {
  return starts(size, tile).map((start) => {
    const length = Math.min(tile, size - start);
    const sources = mirrored(-margin, tile + 2 * margin, length);
    return {
      start,
      length,
      inset: margin,
      sources: sources.map((source) => start + source),
    };
  });
}

function neighborSpans(size: number, tile: number, margin: number): Span[] {
  const side = tile + 2 * margin;
  return starts(size, tile).map((start) => {
    const first = size <= tile
      ? -Math.floor((side - size) / 2)
      : Math.min(start - margin, size + margin - side);
    return {
      start,
      length: Math.min(tile, size - start),
      inset: start - first,
      sources: mirrored(first, side, size),
    };
  });
}

function starts(size: number, tile: number): number[] {
  return Array.from(
    { length: Math.ceil(size / tile) },
    (_, index) => index * tile,
  );
}

/**
 * Positions `first` to `first + count` of an axis of `size` pixels that is
 * mirrored about its first and last pixel, without repeating them.
 */
function mirrored(first: number, count: number, size: number): Int32Array {
  const last = size - 1, period = Math.max(1, 2 * last);
  return Int32Array.from({ length: count }, (_, index) => {
    const phase = ((first + index) % period + period) % period;
    return phase > last ? period - phase : phase;
  });
}

function checkSize(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot plan tiles: found ${name} ${value}, expected an integer of at least ${least}`,
  );
}
