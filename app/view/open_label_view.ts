/**
 * Opens masks to be looked at, at any zoom.
 *
 * @module
 */
import {
  labelComponents,
  type OpenedImage,
  openImage,
  type Size,
  unlabeled,
} from "@unet/data";
import { partOfTile, type TilePlace } from "./tile_place.ts";

/** The labels of a tile, with a border of one pixel all around. */
export interface LabelTile {
  /** Pixels per row, the border included. */
  readonly width: number;
  /** Rows, the border included. */
  readonly height: number;
  /** Row by row; 0 is background, and beyond the image. */
  readonly data: Uint32Array<ArrayBuffer>;
}

/** A mask that is open to be looked at. */
export interface LabelView extends AsyncDisposable {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * The labels of a tile: each pixel has that of the nearest in the mask.
   *
   * @param place Which one, as of an image of this size.
   * @throws {RangeError} If there is no such tile.
   * @throws {FileError} If the file is damaged there.
   */
  tile(place: TilePlace): Promise<LabelTile>;
  /**
   * The label of a pixel; 0 is background.
   *
   * @throws {RangeError} If there is no such pixel.
   */
  labelAt(x: number, y: number): Promise<number>;
}

/** The meaning of a mask's numbers. */
export interface LabelViewOptions {
  /** Whether they are classes, of which no connected part is one of its own. */
  readonly isMap?: boolean;
}

/**
 * Reads the labels of a part of a mask: its first column and row, its columns
 * and rows.
 */
export type ReadLabelPart = (
  x: number,
  y: number,
  width: number,
  height: number,
) => Promise<ArrayLike<number>>;

/**
 * Opens a mask to be looked at. Each number is an object; in a mask of 8 bits
 * that has one number besides 0, each connected part is one. The largest number
 * of 16 or 32 bits stands for pixels that are not labeled.
 *
 * @param path The file.
 * @param options What its numbers are; objects by default.
 * @returns The view; dispose of it to close the file.
 * @throws {FileError} If the file cannot be read.
 *
 * @example
 * ```ts
 * import { openLabelView } from "@unet/app/label-view";
 * import { LabelTiff } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".tif" });
 * {
 *   await using tiff = await LabelTiff.open(path, { width: 2, height: 1 });
 *   await tiff.writeRows(new Uint32Array([0, 300]));
 *   await tiff.finish();
 * }
 * {
 *   await using view = await openLabelView(path);
 *   assertEquals(await view.labelAt(1, 0), 300);
 *   const { width, data } = await view.tile({ level: 0, x: 0, y: 0 });
 *   assertEquals([...data.subarray(width, 2 * width)], [0, 0, 300, 0]);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function openLabelView(
  path: string,
  { isMap = false }: LabelViewOptions = {},
): Promise<LabelView> {
  await using stack = new AsyncDisposableStack();
  const image = stack.use(await openImage(path));
  const read = isMap ? numbersOf(image) : await readerOf(image);
  const { width, height } = image;
  const opened = stack.move();
  return {
    ...labelViewOf({ width, height }, read),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/**
 * Looks at labels that something else reads, as those in memory.
 *
 * @param size The size of the mask.
 * @param read Reads a part of it.
 * @returns The view; there is nothing to close.
 *
 * @example
 * ```ts
 * import { labelViewOf } from "@unet/app/label-view";
 * import { assertEquals } from "@std/assert";
 *
 * const view = labelViewOf(
 *   { width: 4, height: 1 },
 *   (x, _y, width) => Promise.resolve([5, 6, 7, 8].slice(x, x + width)),
 * );
 * assertEquals(await view.labelAt(2, 0), 7);
 * ```
 */
export function labelViewOf(
  { width, height }: Size,
  read: ReadLabelPart,
): LabelView {
  return {
    ...{ width, height },
    tile: (place) => readTile(read, { width, height }, place),
    async labelAt(x, y) {
      if (x < 0 || y < 0 || x >= width || y >= height) {
        throw new RangeError(
          `Cannot read label: found pixel ${x}, ${y}, expected one of ${width} × ${height}`,
        );
      }
      return (await read(x, y, 1, 1))[0]!;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The numbers of a mask as its file has them. */
function numbersOf(image: OpenedImage): ReadLabelPart {
  const { channels } = image;
  return async (...part) => {
    const { data, depth } = await image.read(...part);
    // Of a mask of colors, red distinguishes objects.
    const first = channels === 1
      ? data
      : data.filter((_, at) => at % channels === 0);
    return depth === 8
      ? first
      : Uint32Array.from(first, (value) =>
        value === largestOf[depth] ? unlabeled : value);
  };
}

async function readerOf(image: OpenedImage): Promise<ReadLabelPart> {
  const { width, height } = image, numbers = numbersOf(image);
  // An image that was decoded whole is in memory: looking through is cheap.
  if (image.depth !== 8 || image.tiled) return numbers;
  const whole = Uint8Array.from(await numbers(0, 0, width, height));
  if (new Set(whole).size > 2) return numbers;
  const { data } = labelComponents(whole, width, height);
  return (x, y, columns, rows) => {
    if (x < 0 || y < 0 || x + columns > width || y + rows > height) {
      return image.read(x, y, columns, rows).then(() => []);
    }
    const part = new Uint32Array(columns * rows);
    for (let row = 0; row < rows; row++) {
      const from = (y + row) * width + x;
      part.set(data.subarray(from, from + columns), row * columns);
    }
    return Promise.resolve(part);
  };
}

/** Pixels that are read at once; more are read a row at a time. */
const atOnce = 2 ** 22;

/** What stands for unlabeled pixels; 32 bits come as the nearest float. */
const largestOf = { 16: 0xffff, 32: 2 ** 32 };

async function readTile(
  read: ReadLabelPart,
  full: { readonly width: number; readonly height: number },
  place: TilePlace,
): Promise<LabelTile> {
  const step = 2 ** place.level;
  const part = partOfTile(full, place, { work: "read labels", of: "mask" });
  const { x: left, y: top } = part;
  const { width: columns, height: rows } = part.halved;
  const width = part.width + 2, height = part.height + 2;
  const data = new Uint32Array(width * height);
  // The middle of what a pixel of the tile covers.
  const placeOf = (at: number, most: number): number =>
    Math.min(most - 1, at * step + step / 2 | 0);
  const firstColumn = Math.max(0, left - 1);
  const lastColumn = Math.min(columns - 1, left + width - 2);
  const start = placeOf(firstColumn, full.width);
  const length = placeOf(lastColumn, full.width) - start + 1;
  const firstRow = Math.max(0, top - 1);
  const lastRow = Math.min(rows - 1, top + height - 2);
  const first = placeOf(firstRow, full.height);
  const lines = placeOf(lastRow, full.height) - first + 1;
  const block = length * lines <= atOnce
    ? await read(start, first, length, lines)
    : null;
  for (let row = firstRow; row <= lastRow; row++) {
    const line = placeOf(row, full.height);
    const values = block ?? await read(start, line, length, 1);
    const from = (block ? (line - first) * length : 0) - start;
    const to = (row - top + 1) * width + 1 - left;
    for (let column = firstColumn; column <= lastColumn; column++) {
      data[to + column] = values[from + placeOf(column, full.width)]!;
    }
  }
  return { width, height, data };
}
