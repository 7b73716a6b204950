import type { TiffPage } from "./tiff_page.ts";
import type { Values } from "./tiff_values.ts";

/** Strips are put together until a block has about so many rows. */
export const rowsPerBlock = 64;

/** How an image is cut into blocks, each decoded at once. */
export interface BlockGrid {
  /** Pixels per row of a block; the last of a row may reach out of the image. */
  readonly width: number;
  /** Rows of a block; the last of a column may reach out, or be shorter. */
  readonly height: number;
  /** Blocks a row. */
  readonly across: number;
  /** Rows of blocks. */
  readonly down: number;
}

/** The decoded size of a page, and its bytes in the file. */
export interface PageBacking {
  readonly decoded: number;
  readonly stored: number;
  /** How many of the decoded bytes have none of their own in the file. */
  readonly empty: number;
}

/** Pixels of a page, a block at a time. */
export interface PageBlocks {
  /** How the page is cut. */
  readonly grid: BlockGrid;
  /** How many bytes all blocks are, decoded and stored. */
  readonly backing: () => PageBacking;
  /**
   * Reads and decodes a block.
   *
   * @param column Counted in blocks.
   * @param row Counted in blocks.
   * @param wanted The samples to give, interleaved in this order.
   * @returns `grid.width · rows · wanted.length` values; `rows` is less than
   * the grid's in the last strips of a page.
   * @throws {FileError} If it is damaged.
   */
  read(
    column: number,
    row: number,
    wanted: readonly number[],
  ): Promise<Values>;
}

/** Cuts a page: a tile is a block, and so are several strips. */
export function gridOf(page: TiffPage): BlockGrid {
  const { width, height, isTiled, tileWidth, tileHeight } = page;
  const blockHeight = isTiled
    ? tileHeight
    : page.compression === 1
    ? rowsPerBlock
    : tileHeight * Math.max(1, Math.floor(rowsPerBlock / tileHeight));
  return {
    width: tileWidth,
    height: isTiled ? blockHeight : Math.min(blockHeight, height),
    across: Math.ceil(width / tileWidth),
    down: Math.ceil(height / blockHeight),
  };
}
