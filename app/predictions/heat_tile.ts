/**
 * Tiles of a kept prediction, to be drawn as a heat map.
 *
 * @module
 */
import { partOfTile, type TilePlace } from "../view/tile_place.ts";
import type { KeptPrediction } from "./kept_prediction.ts";

/** The probabilities of a tile. */
export interface HeatTile {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Probabilities, 0…255. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * The probability of being object in a tile: each pixel has that of the
 * nearest.
 *
 * @param kept The prediction.
 * @param place Which tile, as of an image of its size.
 * @throws {RangeError} If there is no such tile.
 * @throws {FileError} If the prediction cannot be read.
 *
 * @example
 * ```ts
 * import { heatTile } from "@unet/app/heat-tile";
 * import { KeptPrediction, keepPrediction } from "@unet/app/kept-prediction";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = `${await Deno.makeTempDir()}/a`;
 * const settings = {
 *   ...{ threshold: 0.5, minimalArea: 9, maximalHole: 9 },
 *   ...{ depth: 1, smoothing: 1, borderWeight: 5 },
 * };
 * await keepPrediction(folder, {
 *   ...{ width: 2, height: 1, heads: ["object"], model: "nuclei", settings },
 * }, (async function* () {
 *   const object = new Float32Array([0, 1]);
 *   yield { y: 0, width: 2, height: 1, planes: { object } };
 * })());
 * const kept = (await KeptPrediction.open(folder))!;
 * const { data } = await heatTile(kept, { level: 0, x: 0, y: 0 });
 * assertEquals([...data], [0, 255]);
 * ```
 */
export async function heatTile(
  kept: KeptPrediction,
  place: TilePlace,
): Promise<HeatTile> {
  const { info } = kept, step = 2 ** place.level;
  const { x: left, y: top, width, height } = partOfTile(info, place, {
    ...{ work: "draw heat map", of: "image" },
  });
  const data = new Uint8Array(width * height);
  const start = left * step;
  const length = Math.min(info.width - start, width * step);
  // At full size a tile is one piece; below it, most rows are left out.
  const together = place.level === 0 ? height : 1;
  for (let row = 0; row < height; row += together) {
    const line = Math.min(info.height - 1, (top + row) * step + (step >> 1));
    const part = { x: start, y: line, width: length, height: together };
    const values = await kept.read("object", part);
    for (let at = 0; at < width * together; at++) {
      const column = Math.min(length - 1, at % width * step + (step >> 1));
      const from = Math.floor(at / width) * length + column;
      data[row * width + at] = Math.round(255 * values[from]!);
    }
  }
  return { width, height, data };
}
