import { mirrorAxis } from "@unet/data/mirror-axis";

/**
 * The surroundings of each tile: `reflect` mirrors the tile itself, as the
 * report does; `neighbors` takes the image's own pixels.
 */
export type Context = "neighbors" | "reflect";

/**
 * How much each tile counts where tiles overlap: `gaussian` most in its middle
 * (standard deviation an eighth of the tile, as MONAI and nnU-Net have it);
 * `linear` rises evenly over the overlap and counts fully between.
 */
export type Blend = "gaussian" | "linear";

/** How an image is cut for the network. */
export interface WindowOptions {
  /** What the network sees around each tile; `neighbors` by default. */
  readonly context?: Context;
  /**
   * Pixels per tile along each axis: 128 by default with `reflect`, 256 with
   * `neighbors`.
   */
  readonly tile?: number;
  /**
   * Pixels of context on each side of a tile: 64 by default with `reflect`,
   * 32 with `neighbors`. The window that the network sees has
   * `tile + 2 · margin` pixels a side, which must suit the network.
   */
  readonly margin?: number;
  /**
   * The share of a tile that the next one covers too, 0 to 0.9; 0 by default,
   * where each pixel is decided by one tile alone. Needs `neighbors`.
   */
  readonly overlap?: number;
  /** How overlapping tiles are joined; `gaussian` by default. */
  readonly blend?: Blend;
  /**
   * Windows at the right and bottom are narrowed to what is left, an image no
   * larger than a window is seen in one, its margin around it, and windows of
   * an image so wide that a row of tiles would hold more than 2²⁴ pixels are
   * made lower, to sides that are multiples of this, as the network needs; all
   * windows have one size if not given, and with `reflect`.
   */
  readonly multiple?: number;
}

/** One window along one axis. */
export interface AxisWindow {
  /** The first pixel of the axis that it decides. */
  readonly start: number;
  /** How many pixels it decides. */
  readonly length: number;
  /** Where these lie within the window. */
  readonly inset: number;
  /** The image's pixel for each of the window's. */
  readonly sources: Int32Array;
  /**
   * How much it counts on each pixel that it decides; those of all windows sum
   * up to 1 on each. Not there where windows decide alone.
   */
  readonly weights?: Float32Array;
}

/** The windows of an image: each column of windows crossed with each row. */
export interface WindowPlan {
  /** The windows along the rows, from the left. */
  readonly columns: readonly AxisWindow[];
  /** The windows along the columns, from the top. */
  readonly rows: readonly AxisWindow[];
}

const reportSizes = { tile: 128, margin: 64 };

// One window of 320 holds the 256×256 images that networks are trained on.
const neighborSizes = { tile: 256, margin: 32 };

/** Pixels of a row of tiles, above which tiles are made lower. */
const rowPixels = 2 ** 24;

/** The least rows that tiles are made lower to. */
const leastRows = 192;

/** The least that a pixel of a tile counts beside its middle. */
const leastWeight = 1e-3;

/**
 * Lays tiles over an image and says which pixels the network sees around each
 * and how tiles are joined.
 *
 * Tiles start at multiples of the tile's size, less its overlap; the last
 * column and row are as narrow as what is left.
 *
 * - `reflect`: the window mirrors its own tile, as numpy's
 *   `pad(mode="reflect")`: `margin` pixels before it, and after it as many as
 *   fill the window. A narrow tile is mirrored back and forth.
 * - `neighbors`: the window holds the image's pixels at least `margin` around
 *   the tile. The windows at the right and bottom are moved inwards, so that
 *   none reaches more than `margin` beyond the image; where the whole image is
 *   no larger than a tile, it lies in the window's center, as in training.
 *   What lies beyond the image mirrors the image, as numpy's `pad` does. With
 *   a `multiple`, so does an image no larger than a window, for one window
 *   that is larger by two margins is cheaper than four.
 *
 * @param width Pixels per row of the image.
 * @param height Rows of the image.
 * @param options The context, its sizes, the overlap.
 * @returns The plan.
 * @throws {RangeError} If a size is not an integer in its range, the overlap
 * not in 0…0.9, or there is one with `reflect`.
 *
 * @example
 * ```ts
 * import { planWindows } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const { columns, rows } = planWindows(300, 100, { context: "reflect" });
 * assertEquals(columns.map(({ start, length }) => [start, length]), [
 *   [0, 128],
 *   [128, 128],
 *   [256, 44],
 * ]);
 * assertEquals(rows[0]!.sources.length, 256);
 * ```
 */
export function planWindows(
  width: number,
  height: number,
  options: WindowOptions = {},
): WindowPlan {
  const { context = "neighbors", overlap = 0, blend = "gaussian", multiple } =
    options;
  const sizes = context === "reflect" ? reportSizes : neighborSizes;
  const { tile = sizes.tile, margin = sizes.margin } = options;
  checkSize("width", width, 1);
  checkSize("height", height, 1);
  checkSize("tile", tile, 1);
  checkSize("margin", margin, 0);
  if (multiple !== undefined) checkSize("multiple", multiple, 1);
  if (!(overlap >= 0 && overlap <= 0.9)) refuse("overlap", overlap, "0…0.9");
  if (context === "reflect") {
    if (overlap > 0) refuse("overlap", overlap, "0 with reflected context");
    const axis = (size: number) => reflected(size, tile, margin);
    return { columns: axis(width), rows: axis(height) };
  }
  const axis = (size: number, tile: number) => {
    const windows = neighbors(size, { tile, margin, overlap, multiple });
    return overlap === 0 ? windows : weighted(windows, size, overlap, blend);
  };
  const rows = lowered(tile, width, margin, multiple);
  return { columns: axis(width, tile), rows: axis(height, rows) };
}

/** The height of tiles, lower than theirs where the image is very wide. */
function lowered(
  tile: number,
  width: number,
  margin: number,
  multiple: number | undefined,
): number {
  if (multiple === undefined || width * tile <= rowPixels) return tile;
  const most = Math.max(leastRows, rowPixels / width);
  const side = Math.floor((most + 2 * margin) / multiple) * multiple;
  return Math.max(1, Math.min(tile, side - 2 * margin));
}

function reflected(size: number, tile: number, margin: number): AxisWindow[] {
  return starts(size, tile, tile).map((start) => {
    const length = Math.min(tile, size - start);
    const sources = mirrorAxis(length, -margin, tile + 2 * margin);
    return {
      start,
      length,
      inset: margin,
      sources: sources.map((source) => start + source),
    };
  });
}

function neighbors(
  size: number,
  { tile, margin, overlap, multiple }: {
    readonly tile: number;
    readonly margin: number;
    readonly overlap: number;
    readonly multiple: number | undefined;
  },
): AxisWindow[] {
  const stride = Math.max(1, Math.round(tile * (1 - overlap)));
  const whole = tile + 2 * margin;
  const narrowed = (length: number, most: number) =>
    multiple === undefined
      ? whole
      : Math.min(most, Math.ceil((length + 2 * margin) / multiple) * multiple);
  if (multiple !== undefined && size <= whole) {
    const side = narrowed(size, Infinity),
      inset = Math.floor((side - size) / 2);
    const sources = mirrorAxis(size, -inset, side);
    return [{ start: 0, length: size, inset, sources }];
  }
  return starts(size, tile, stride).map((begin) => {
    const side = narrowed(Math.min(tile, size - begin), whole);
    const first = size <= tile
      ? -Math.floor((side - size) / 2)
      : Math.min(begin - margin, size + margin - side);
    // An overlapping tile decides all that its window shows.
    const start = overlap > 0 ? Math.max(0, first + margin) : begin;
    const length = Math.min(size, begin + tile) - start;
    return {
      start,
      length,
      inset: start - first,
      sources: mirrorAxis(size, first, side),
    };
  });
}

/** Where tiles start, of which the last reaches the end. */
function starts(size: number, tile: number, stride: number): number[] {
  const count = 1 + Math.max(0, Math.ceil((size - tile) / stride));
  return Array.from({ length: count }, (_, index) => index * stride);
}

/** Gives windows their weights, which sum up to 1 on each pixel. */
function weighted(
  windows: readonly AxisWindow[],
  size: number,
  overlap: number,
  blend: Blend,
): AxisWindow[] {
  const raw = windows.map(({ length }) =>
    blend === "gaussian" ? gaussian(length) : linear(length, overlap)
  );
  const sums = new Float64Array(size);
  windows.forEach(({ start }, index) =>
    raw[index]!.forEach((weight, at) => sums[start + at]! += weight)
  );
  return windows.map((window, index) => ({
    ...window,
    weights: Float32Array.from(
      raw[index]!,
      (weight, at) => weight / sums[window.start + at]!,
    ),
  }));
}

function gaussian(length: number): Float64Array {
  const middle = (length - 1) / 2, deviation = length / 8;
  return Float64Array.from(
    { length },
    (_, at) =>
      Math.max(
        leastWeight,
        Math.exp(-(((at - middle) / deviation) ** 2) / 2),
      ),
  );
}

function linear(length: number, overlap: number): Float64Array {
  const ramp = Math.max(1, Math.min(overlap, 0.5) * length);
  return Float64Array.from({ length }, (_, at) => {
    const inside = Math.min(at, length - 1 - at) + 0.5;
    return Math.max(leastWeight, Math.min(1, inside / ramp));
  });
}

function checkSize(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot plan windows: found ${name} ${value}, expected an integer of at least ${least}`,
  );
}

function refuse(name: string, value: number, expected: string): never {
  throw new RangeError(
    `Cannot plan windows: found ${name} ${value}, expected ${expected}`,
  );
}
