import type { CachedCase } from "../cache/cached_case.ts";
import { type ScaleRange, scalesFor, typicalScales } from "./scales.ts";
import type { TileShare } from "./tile_shares.ts";
import { tilesOf } from "./tiles.ts";

/** How large the objects of tiles are, in pixels. */
export interface Diameters {
  /** One tile in 20 has smaller objects. */
  readonly low: number;
  /** Half of the tiles have smaller objects. */
  readonly median: number;
  /** One tile in 20 has larger objects. */
  readonly high: number;
}

/**
 * The sizes of objects that a loader's tiles show: the 5th, 50th and 95th
 * percentile over tiles. A tile counts once, with the median diameter of its
 * image's objects times its scale, so that an image's median can be compared
 * with them.
 *
 * @param cases The cases, measured ({@linkcode withDiameters}); those without
 * objects do not count.
 * @param options The tiles' size in pixels, the scales that they are drawn at
 * (1 if not given), and the shares of an epoch that groups of cases have (as
 * many as their tiles, if not given).
 * @returns The percentiles, to a tenth of a pixel; undefined where no case has a
 * diameter.
 *
 * @example
 * ```ts
 * import { cacheSamples, shownDiameters, synthesize, withDiameters } from "@unet/data";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const drawn = synthesize({ count: 3, width: 128, height: 128, seed: 0 });
 * const cases = withDiameters(await cacheSamples(drawn, { folder }));
 * const { low, high } = shownDiameters(cases, {
 *   size: 128,
 *   scales: { low: 0.5, high: 2 },
 * })!;
 * assert(high > 1.5 * low);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function shownDiameters(
  cases: readonly CachedCase[],
  { size, scales, shares }: {
    readonly size: number;
    readonly scales?: ScaleRange | undefined;
    readonly shares?: readonly TileShare[] | undefined;
  },
): Diameters | undefined {
  const weightOf = weights(cases, { size, shares });
  const shown = cases.flatMap((each) => {
    const { diameter } = each;
    if (diameter === undefined) return [];
    const all = scales ? typicalScales(scalesFor(scales, diameter)) : [1];
    const weight = weightOf(each) / all.length;
    return all.map((scale) => ({ diameter: scale * diameter, weight }));
  }).sort((a, b) => a.diameter - b.diameter);
  if (shown.length === 0) return undefined;
  const whole = shown.reduce((sum, { weight }) => sum + weight, 0);
  const at = (share: number): number => {
    let sum = 0;
    for (const { diameter, weight } of shown) {
      sum += weight;
      if (sum >= share * whole) return toTenth(diameter);
    }
    return toTenth(shown.at(-1)!.diameter);
  };
  return { low: at(0.05), median: at(0.5), high: at(0.95) };
}

/** How many of an epoch's tiles a case has, in proportion. */
function weights(
  cases: readonly CachedCase[],
  { size, shares }: {
    readonly size: number;
    readonly shares: readonly TileShare[] | undefined;
  },
): (each: CachedCase) => number {
  const tiles = ({ width, height }: CachedCase): number =>
    tilesOf(width, height, size).length;
  if (!shares) return tiles;
  const factors = new Map<string, number>();
  const byId = new Map(cases.map((each) => [each.id, each]));
  for (const { share, ids } of shares) {
    const own = ids.flatMap((id) => byId.get(id) ?? []);
    const all = own.reduce((sum, each) => sum + tiles(each), 0);
    for (const { id } of own) factors.set(id, share / all);
  }
  return (each) => tiles(each) * (factors.get(each.id) ?? 0);
}

function toTenth(value: number): number {
  return Math.round(10 * value) / 10;
}
