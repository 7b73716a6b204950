/**
 * Tiles of one size that cover an image. Runs in a browser.
 *
 * @module
 */
import { paddedSpan, type Span, tileOfSpans } from "./_spans.ts";
import { mirrorAxis } from "../images/mirror_axis.ts";
import type { Image, Sample } from "../types.ts";

/** Where a tile lies on its image, and what surrounds it there. */
export interface Tile {
  /** The first column taken from the image. */
  readonly x: number;
  /** The first row taken from the image. */
  readonly y: number;
  /** Columns taken from the image; the tile's size, or less and padded. */
  readonly width: number;
  /** Rows taken from the image; the tile's size, or less and padded. */
  readonly height: number;
  /** Pixels added on each side, 0 where the image is as large as the tile. */
  readonly padding: Padding;
}

/** Pixels added on each side. */
export interface Padding {
  /** Columns before the first. */
  readonly left: number;
  /** Rows before the first. */
  readonly top: number;
  /** Columns after the last. */
  readonly right: number;
  /** Rows after the last. */
  readonly bottom: number;
}

/**
 * Lays square tiles over an image, row by row.
 *
 * Along each axis, an image longer than a tile is covered by as few tiles as
 * can, spread evenly: the first starts at 0, the last ends at the border, and
 * those between share the overlap, so that no two see nearly the same pixels.
 * A shorter image makes one tile, padded by half on each side (the odd pixel
 * after the image).
 *
 * @param width Pixels per row of the image.
 * @param height Rows of the image.
 * @param size The tile's width and height.
 * @returns At least one tile.
 * @throws {RangeError} If a number is not a positive integer.
 *
 * @example
 * ```ts
 * import { tilesOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tilesOf(600, 256).map((tile) => tile.x), [0, 172, 344]);
 * assertEquals(tilesOf(250, 256)[0]?.padding.left, 3);
 * ```
 */
export function tilesOf(width: number, height: number, size = 256): Tile[] {
  for (
    const [name, value] of [["width", width], ["height", height], [
      "size",
      size,
    ]]
  ) {
    if (!(Number.isSafeInteger(value) && Number(value) >= 1)) {
      throw new RangeError(
        `Cannot tile image: found ${name} ${value}, expected a positive integer`,
      );
    }
  }
  const columns = spans(width, size);
  return spans(height, size).flatMap((row) =>
    columns.map((column) => tileOfSpans(column, row))
  );
}

/** The tiles along one axis. */
function spans(length: number, size: number): Span[] {
  if (length <= size) return [paddedSpan(length, size)];
  const count = Math.ceil(length / size);
  return Array.from({ length: count }, (_, index) => ({
    start: Math.round((index * (length - size)) / (count - 1)),
    length: size,
    before: 0,
    after: 0,
  }));
}

/**
 * Cuts a tile out of an image and its labels.
 *
 * Padding mirrors the pixels about the border without repeating the border
 * itself, back and forth where the padding is longer than the image, as
 * numpy's `pad(mode="reflect")`; an image of one pixel is repeated. Mirrored
 * instances keep their number.
 *
 * @param sample The whole image and its labels.
 * @param tile Where to cut, as {@linkcode tilesOf} says.
 * @returns A new sample of the tile's size with padding, and the same id.
 * @throws {RangeError} If the tile reaches out of the image.
 *
 * @example
 * ```ts
 * import { cutTile, tilesOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const sample = {
 *   id: "row",
 *   image: {
 *     width: 3,
 *     height: 1,
 *     channels: 1,
 *     depth: 8,
 *     data: new Uint8Array([1, 2, 3]),
 *   },
 *   labels: { width: 3, height: 1, data: new Uint32Array([0, 0, 7]) },
 * } as const;
 * const [tile] = tilesOf(3, 1, 5);
 * const cut = cutTile(sample, tile!);
 * assertEquals([...cut.image.data.slice(0, 5)], [2, 1, 2, 3, 2]);
 * assertEquals([...cut.labels.data.slice(0, 5)], [0, 0, 0, 7, 0]);
 * ```
 */
export function cutTile(sample: Sample, tile: Tile): Sample {
  const { image, labels } = sample;
  const { x, y, padding } = tile;
  const inside = x >= 0 && y >= 0 && tile.width >= 1 && tile.height >= 1 &&
    x + tile.width <= image.width && y + tile.height <= image.height;
  if (!inside) {
    throw new RangeError(
      `Cannot cut tile of "${sample.id}": found ${tile.width}×${tile.height} at ${x},${y}, expected a place within ${image.width}×${image.height}`,
    );
  }
  const columns = mirrored(x, tile.width, [padding.left, padding.right]);
  const rows = mirrored(y, tile.height, [padding.top, padding.bottom]);
  const span = { columns, before: padding.left, length: tile.width };
  const width = columns.length, height = rows.length, { channels } = image;
  const pixels = emptyLike(image.data, width * height * channels);
  const numbers = new Uint32Array(width * height);
  for (let row = 0; row < height; row++) {
    const source = rows[row]! * image.width;
    const place = { ...span, source, target: row * width };
    copyRow(image.data, pixels, channels, place);
    copyRow(labels.data, numbers, 1, place);
  }
  return {
    id: sample.id,
    image: { ...image, width, height, data: pixels },
    labels: { width, height, data: numbers },
  };
}

/** The positions that fill one axis of a tile, mirrored about its borders. */
function mirrored(
  start: number,
  length: number,
  [before, after]: readonly [number, number],
): Int32Array {
  return mirrorAxis(length, -before, before + length + after)
    .map((position) => start + position);
}

type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** Which pixels of a row are copied, and where to. */
interface RowPlace {
  /** The image's column of each pixel of the tile. */
  readonly columns: Int32Array;
  /** How many of them are padding before the tile. */
  readonly before: number;
  /** How many after those follow one another in the image. */
  readonly length: number;
  /** The first pixel of the image's row. */
  readonly source: number;
  /** The first pixel of the tile's row. */
  readonly target: number;
}

function copyRow(
  from: Values,
  to: Values,
  channels: number,
  { columns, before, length, source, target }: RowPlace,
): void {
  const first = (source + columns[before]!) * channels;
  to.set(
    from.subarray(first, first + length * channels),
    (target + before) * channels,
  );
  for (let column = 0; column < columns.length; column++) {
    if (column === before) column += length;
    if (column >= columns.length) return;
    const at = (source + columns[column]!) * channels;
    for (let channel = 0; channel < channels; channel++) {
      to[(target + column) * channels + channel] = from[at + channel]!;
    }
  }
}

function emptyLike(data: Image["data"], length: number): Image["data"] {
  if (data instanceof Uint8Array) return new Uint8Array(length);
  if (data instanceof Uint16Array) return new Uint16Array(length);
  return new Float32Array(length);
}
