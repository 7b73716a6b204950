import { type CachedCase, type TileOfCase, tilesOf } from "@unet/data";

/** The upper left tile of an image, to show it. */
export function firstTileOf(source: CachedCase, size: number): TileOfCase {
  return { source, tile: tilesOf(source.width, source.height, size)[0]! };
}
