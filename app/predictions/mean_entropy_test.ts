import { assertAlmostEquals } from "@std/assert";
import { join } from "@std/path";
import { keepPrediction, KeptPrediction } from "./kept_prediction.ts";
import { meanEntropy } from "./mean_entropy.ts";

/** What is kept of these probabilities, in one row. */
async function kept(values: readonly number[]): Promise<KeptPrediction> {
  const folder = join(await Deno.makeTempDir(), "kept");
  const settings = {
    ...{ threshold: 0.5, minimalArea: 0, maximalHole: 0, depth: 0 },
    ...{ smoothing: 1, borderWeight: 1 },
  };
  const size = { width: values.length, height: 1 };
  await keepPrediction(
    folder,
    { ...size, heads: ["object"], model: "nuclei", settings },
    (async function* () {
      yield { y: 0, ...size, planes: { object: Float32Array.from(values) } };
    })(),
  );
  return (await KeptPrediction.open(folder))!;
}

Deno.test("meanEntropy() is 0 for certainty, 1 for a toss-up, and the same for an event and its opposite", async () => {
  // H(1/4) = 2 − (3/4) log2 3, H(1/8) = 3 − (7/8) log2 7.
  const quarter = 2 - 0.75 * Math.log2(3), eighth = 3 - 0.875 * Math.log2(7);
  for (
    const [values, expected] of [
      [[0, 1, 1, 0], 0],
      [[0.5, 0.5], 1],
      [[0.25], quarter],
      [[0.75], quarter],
      [[0.125, 0.875, 0, 1], eighth / 2],
    ] as const
  ) assertAlmostEquals(await meanEntropy(await kept(values)), expected, 1e-12);
});
