import { type CachedCase, readCachedLabels } from "./cached_case.ts";
import { unlabeled } from "../targets/class_target.ts";
import type { Labels } from "../types.ts";

/**
 * The median diameter of the objects of an image: that of a circle of an
 * object's area, 2·√(area/π). Objects at the image's edge count as they are.
 *
 * @param labels Instance numbers; what is not labeled does not count.
 * @returns Pixels; undefined where there is no object.
 *
 * @example
 * ```ts
 * import { medianDiameter } from "@unet/data";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const labels = { width: 4, height: 1, data: new Uint32Array([1, 1, 1, 1]) };
 * assertAlmostEquals(medianDiameter(labels)!, 2 * Math.sqrt(4 / Math.PI));
 * ```
 */
export function medianDiameter({ data }: Labels): number | undefined {
  const areas = new Map<number, number>();
  for (let from = 0, to = 0; from < data.length; from = to) {
    const number = data[from]!;
    while (to < data.length && data[to] === number) to++;
    if (number === 0 || number === unlabeled) continue;
    areas.set(number, (areas.get(number) ?? 0) + to - from);
  }
  if (areas.size === 0) return undefined;
  const sorted = [...areas.values()].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!;
  return 2 * Math.sqrt(median / 2 / Math.PI);
}

/**
 * Measures the objects of cached cases: reads the labels of each once.
 *
 * @param cases The cases.
 * @returns The same cases, each with the median diameter of its objects
 * ({@linkcode medianDiameter}); as they were where there is none, as in maps of
 * classes.
 * @throws {FileError} If a cached file is missing or damaged.
 *
 * @example
 * ```ts
 * import { cacheSamples, synthesize, withDiameters } from "@unet/data";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const drawn = synthesize({ count: 1, width: 128, height: 128, seed: 0 });
 * const [measured] = withDiameters(await cacheSamples(drawn, { folder }));
 * assert(measured!.diameter! > 3);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function withDiameters(cases: readonly CachedCase[]): CachedCase[] {
  return cases.map((each) => {
    const diameter = each.classPixels || each.nuclei === 0
      ? undefined
      : medianDiameter(readCachedLabels(each));
    return diameter === undefined ? each : { ...each, diameter };
  });
}
