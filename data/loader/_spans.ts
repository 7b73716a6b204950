import type { Tile } from "./tiles.ts";

/** A tile along one axis. */
export interface Span {
  /** Its first pixel in the image. */
  readonly start: number;
  /** Its pixels in the image. */
  readonly length: number;
  /** The padding before them. */
  readonly before: number;
  /** The padding after them. */
  readonly after: number;
}

/** The tile of a span of columns and one of rows. */
export function tileOfSpans(column: Span, row: Span): Tile {
  return {
    x: column.start,
    y: row.start,
    width: column.length,
    height: row.length,
    padding: {
      left: column.before,
      top: row.before,
      right: column.after,
      bottom: row.after,
    },
  };
}

/** All of an axis, padded by half on each side to a length. */
export function paddedSpan(length: number, size: number): Span {
  const before = Math.floor((size - length) / 2);
  return { start: 0, length, before, after: size - length - before };
}
