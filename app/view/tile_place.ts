/**
 * Tiles of an image at any zoom. Runs in a browser.
 *
 * @module
 */
import type { Rectangle, Size } from "@unet/data";

/** The side of a tile in pixels. */
export const tileSide = 512;

/** A tile of an image. */
export interface TilePlace {
  /** How often the image is halved: 0 is full size. */
  readonly level: number;
  /** The tile's column, from 0. */
  readonly x: number;
  /** The tile's row, from 0. */
  readonly y: number;
}

/** The number of tile levels of an image. */
export function levelsOf({ width, height }: Size): number {
  const tiles = Math.max(width, height) / tileSide;
  return 1 + Math.max(0, Math.ceil(Math.log2(tiles)));
}

/** What a tile shows of a halved image, in the halved image's pixels. */
export interface TilePart extends Rectangle {
  /** The size of the halved image. */
  readonly halved: Size;
}

/**
 * What a tile shows.
 *
 * @param full The size of the image.
 * @param place The tile.
 * @param words What is done with it and of what it is one, for the message.
 * @throws {RangeError} If there is no such tile.
 */
export function partOfTile(
  full: Size,
  { level, x, y }: TilePlace,
  { work, of }: { readonly work: string; readonly of: string },
): TilePart {
  const width = Math.ceil(full.width / 2 ** level);
  const height = Math.ceil(full.height / 2 ** level);
  const left = x * tileSide, top = y * tileSide;
  if (level >= levelsOf(full) || left >= width || top >= height) {
    throw new RangeError(
      `Cannot ${work}: found level ${level}, column ${x}, row ${y}, expected a tile of the ${of}`,
    );
  }
  return {
    ...{ x: left, y: top },
    width: Math.min(tileSide, width - left),
    height: Math.min(tileSide, height - top),
    halved: { width, height },
  };
}
