import type { CachedCase } from "../cache/cached_case.ts";
import { type ScaleRange, scalesFor, typicalScales } from "./scales.ts";
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
 * @param options The tiles' size in pixels, and the scales that they are drawn
 * at; 1 if not given.
 * @returns The percentiles, to a tenth of a pixel; undefined where no case has a diameter.
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
  { size, scales }: {
    readonly size: number;
    readonly scales?: ScaleRange | undefined;
  },
): Diameters | undefined {
  const shown = cases.flatMap(({ diameter, width, height }) => {
    if (diameter === undefined) return [];
    const tiles = tilesOf(width, height, size).length;
    const all = scales ? typicalScales(scalesFor(scales, diameter)) : [1];
    const weight = tiles / all.length;
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

function toTenth(value: number): number {
  return Math.round(10 * value) / 10;
}
