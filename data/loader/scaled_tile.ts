import type { Random } from "@unet/random";
import { type CachedCase, readCachedWindow } from "../cache/cached_case.ts";
import { resizeImage, resizeLabels } from "../images/resize.ts";
import { drawScale, type ScaleRange, scalesFor } from "./scales.ts";
import { paddedSpan, type Span, tileOfSpans } from "./_spans.ts";
import { cutTile, type Tile } from "./tiles.ts";
import type { Sample } from "../types.ts";

/** A tile, and the case that it lies on. */
export interface TileOfCase {
  /** The case. */
  readonly source: CachedCase;
  /** The tile. */
  readonly tile: Tile;
}

/** Reads a tile, padded, as it is stored. */
export function readTile({ source, tile }: TileOfCase): Sample {
  const window = readCachedWindow(source, tile);
  return cutTile(window, { ...tile, x: 0, y: 0 });
}

/**
 * Reads a tile at a scale of its own: a window of the image, larger or smaller
 * than the tile, is brought to the tile's size. A smaller window lies somewhere
 * within the tile, a larger one somewhere around it, moved into the image where
 * it reaches out; what is larger than the image is padded as a tile is.
 *
 * The image is resampled by {@linkcode resizeImage}, labels take the nearest
 * number. A tile of scale 1 is read as it is stored.
 *
 * @param placed The tile.
 * @param scales The scales of the training; those that do not suit the case's
 * objects are left out ({@linkcode scalesFor}).
 * @param random The source of four draws.
 * @returns A sample of the tile's size.
 */
export function readScaledTile(
  placed: TileOfCase,
  scales: ScaleRange,
  random: Random,
): Sample {
  const { source, tile } = placed;
  const scale = drawScale(random, scalesFor(scales, source.diameter));
  const place = { x: random.next(), y: random.next() };
  const { left, right } = tile.padding, size = left + tile.width + right;
  const length = Math.max(1, Math.round(size / scale));
  if (length === size) return readTile(placed);
  const { id, image, labels } = readTile({
    source,
    tile: windowOf(placed, length, place),
  });
  const wanted = { width: size, height: size };
  return {
    id,
    image: resizeImage(image, wanted),
    labels: resizeLabels(labels, wanted),
  };
}

/**
 * The square window of some length that a scaled tile shows.
 *
 * @param placed The tile.
 * @param length The window's width and height, pixels of the image.
 * @param place Where it lies within the tile, or the tile in it: 0 to 1.
 */
export function windowOf(
  { source, tile }: TileOfCase,
  length: number,
  place: { readonly x: number; readonly y: number },
): Tile {
  const { padding } = tile;
  const column = spanOf(source.width, length, {
    start: tile.x - padding.left,
    size: padding.left + tile.width + padding.right,
    place: place.x,
  });
  const row = spanOf(source.height, length, {
    start: tile.y - padding.top,
    size: padding.top + tile.height + padding.bottom,
    place: place.y,
  });
  return tileOfSpans(column, row);
}

/** The window along one axis, and its padding. */
function spanOf(
  whole: number,
  length: number,
  { start, size, place }: {
    /** Where the tile begins, its padding before 0. */
    readonly start: number;
    readonly size: number;
    readonly place: number;
  },
): Span {
  if (length >= whole) return paddedSpan(whole, length);
  const wanted = start + Math.round(place * (size - length));
  return {
    start: Math.max(0, Math.min(whole - length, wanted)),
    ...{ length, before: 0, after: 0 },
  };
}
