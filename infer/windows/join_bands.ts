/**
 * Puts bands together. Runs in a browser.
 *
 * @module
 */
import { type Band, planeOf, type Planes } from "./band.ts";
import type { PredictedHead } from "./predict.ts";

/**
 * Puts the bands of an image together.
 *
 * @param bands The bands, as `segmentBands()` gives them.
 * @param size The image's size.
 * @param size.width Pixels per row.
 * @param size.height Rows.
 * @param heads The network's heads.
 * @returns The values of each head for every pixel.
 *
 * @example
 * ```ts
 * import { joinBands, objectHead } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const band = (y: number) => {
 *   const object = new Float32Array([y, y]);
 *   return { y, width: 2, height: 1, planes: { object } };
 * };
 * const size = { width: 2, height: 2 };
 * const { planes } = await joinBands([band(0), band(1)], size, [objectHead]);
 * assertEquals(planes.object, new Float32Array([0, 0, 1, 1]));
 * ```
 */
export async function joinBands(
  bands: AsyncIterable<Band> | Iterable<Band>,
  { width, height }: { readonly width: number; readonly height: number },
  heads: readonly PredictedHead[],
): Promise<Planes> {
  const planes = Object.fromEntries(
    heads.map(({ name, channels }) => [
      name,
      new Float32Array(width * height * channels),
    ]),
  );
  for await (const band of bands) {
    for (const { name, channels } of heads) {
      planes[name]!.set(planeOf(band, name), band.y * width * channels);
    }
  }
  return { width, height, planes };
}
