import type { Rectangle } from "../cache/cached_case.ts";
import type { Image, ImageSize } from "../types.ts";

/** A block's place in the grid of an image. */
export interface BlockPlace {
  readonly row: number;
  readonly column: number;
}

/** Values of a part of an image. */
export interface PartValues extends Rectangle {
  readonly data: Image["data"];
}

/**
 * The blocks that a window touches, row by row.
 *
 * @param window The window, which is not empty.
 * @param block The size of blocks.
 */
export function blocksOf(
  { x, y, width, height }: Rectangle,
  block: ImageSize,
): BlockPlace[] {
  const places: BlockPlace[] = [];
  const lastRow = Math.floor((y + height - 1) / block.height);
  const lastColumn = Math.floor((x + width - 1) / block.width);
  for (let row = Math.floor(y / block.height); row <= lastRow; row++) {
    const first = Math.floor(x / block.width);
    for (let column = first; column <= lastColumn; column++) {
      places.push({ row, column });
    }
  }
  return places;
}

/**
 * Copies what a block has of a window.
 *
 * @param window The window's values, changed in place.
 * @param block The block's.
 * @param channels Values per pixel of both.
 */
export function pasteBlock(
  window: PartValues,
  block: PartValues,
  channels: number,
): void {
  const from = Math.max(window.x, block.x);
  const end = Math.min(window.x + window.width, block.x + block.width);
  const bottom = Math.min(window.y + window.height, block.y + block.height);
  for (let line = Math.max(window.y, block.y); line < bottom; line++) {
    const start = ((line - block.y) * block.width + from - block.x) * channels;
    window.data.set(
      block.data.subarray(start, start + (end - from) * channels),
      ((line - window.y) * window.width + from - window.x) * channels,
    );
  }
}
