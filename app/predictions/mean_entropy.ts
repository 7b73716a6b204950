/**
 * How unsure a network is of an image.
 *
 * @module
 */
import type { ReadablePrediction } from "./kept_prediction.ts";

/** Values that are read at once. */
const atOnce = 2 ** 22;

/**
 * How unsure a network is of an image: the mean entropy of what it predicted of
 * each pixel, the uncertainty sampling of active learning (Settles, "Active
 * Learning Literature Survey", 2009, section 3.1). More borders give more of
 * it, so that a crowded image counts as less sure than an empty one.
 *
 * @param kept What was predicted; its head `object` counts.
 * @returns Bits per pixel: 0 where each is certain, 1 where each is a toss-up.
 * @throws {FileError} If the values cannot be read.
 *
 * @example
 * ```ts
 * import { KeptPrediction, keepPrediction } from "@unet/app/kept-prediction";
 * import { meanEntropy } from "@unet/app/mean-entropy";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = `${await Deno.makeTempDir()}/a`;
 * const settings = {
 *   ...{ threshold: 0.5, minimalArea: 9, maximalHole: 9, depth: 1 },
 *   ...{ smoothing: 1, borderWeight: 1 },
 * };
 * const info = {
 *   ...{ width: 2, height: 1, heads: ["object"], model: "nuclei", settings },
 * };
 * const object = new Float32Array([0.5, 1]);
 * await keepPrediction(folder, info, (async function* () {
 *   yield { y: 0, width: 2, height: 1, planes: { object } };
 * })());
 * assertEquals(await meanEntropy((await KeptPrediction.open(folder))!), 0.5);
 * ```
 */
export async function meanEntropy(kept: ReadablePrediction): Promise<number> {
  const { width, height } = kept.info;
  const rows = Math.max(1, Math.floor(atOnce / width));
  let sum = 0;
  for (let y = 0; y < height; y += rows) {
    const part = { x: 0, y, width, height: Math.min(rows, height - y) };
    for (const share of await kept.read("object", part)) {
      sum += entropyOf(share);
    }
  }
  return sum / (width * height);
}

/** The entropy of an event of this probability, in bits. */
function entropyOf(share: number): number {
  if (!(share > 0 && share < 1)) return 0;
  return -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
}
