import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { unlabeled } from "./class_target.ts";
import { borderWeights } from "./border_weights.ts";
import { cacheSamples } from "../cache/cache.ts";
import fixture from "./fixtures/border_weights.json" with { type: "json" };
import { createLoader } from "../loader/loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";

for (
  const [name, { width, height, labels, weights }] of Object.entries(fixture)
) {
  Deno.test(`borderWeights() equals SciPy's with objects: ${name}`, () => {
    const data = new Uint32Array(labels);
    const actual = borderWeights({ width, height, data });
    assertEquals(actual.length, weights.length);
    weights.forEach((value, at) =>
      assertAlmostEquals(actual[at]!, value, 2e-6 * Math.max(1, value))
    );
  });
}

Deno.test("borderWeights() weighs the gap between two objects by peak and reach", () => {
  const data = new Uint32Array([1, 0, 0, 2]);
  const [, gap] = borderWeights(
    { width: 4, height: 1, data },
    { peak: 4, reach: 2 },
  );
  // Distances 1 and 2.
  assertAlmostEquals(gap!, 1 + 4 * Math.exp(-9 / 8), 1e-6);
});

Deno.test("borderWeights() limits what a lonely pixel weighs", () => {
  const data = new Uint32Array(10_000);
  data[5050] = 1;
  const image = { width: 100, height: 100, data };
  assertEquals(borderWeights(image)[5050], 10);
  assertEquals(borderWeights(image, { maximalBalance: 3 })[5050], 3);
});

Deno.test("borderWeights() refuses numbers out of range", () => {
  const image = { width: 1, height: 1, data: new Uint32Array(1) };
  for (
    const options of [{ peak: -1 }, { reach: 0 }, { reach: NaN }, {
      maximalBalance: 0.5,
    }]
  ) {
    const [name] = Object.keys(options);
    assertThrows(() => borderWeights(image, options), RangeError, name!);
  }
});

Deno.test("createLoader() gives weights when asked, the same from a worker", async () => {
  const folder = await Deno.makeTempDir();
  const cases = await cacheSamples(
    synthesize({ count: 2, width: 64, height: 64, seed: 0 }),
    { folder },
  );
  const first = async (workers: number, isWeighted: boolean) => {
    const loader = createLoader({
      cases,
      size: 64,
      batchSize: 2,
      seed: 0,
      workers,
      ...(isWeighted && { borderWeights: { peak: 10 } }),
    });
    try {
      for await (const batch of loader.batches(0)) return batch;
    } finally {
      loader.close();
    }
    throw new Error("no batch");
  };
  const [here, there, without] = [
    await first(0, true),
    await first(1, true),
    await first(0, false),
  ];
  assertEquals(here.weights!.length, here.targets.object!.length);
  assertEquals(here.weights, there.weights);
  assertEquals(without.weights, undefined);
  const most = here.weights!.reduce((a, b) => Math.max(a, b));
  assert(most > 2 && most < 21, `${most}`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("borderWeights() takes what is not labeled for background", () => {
  const hidden = Uint32Array.of(1, unlabeled, 0, 2, unlabeled);
  const shown = hidden.map((own) => own === unlabeled ? 0 : own);
  const shape = { width: 5, height: 1 };
  assertEquals(
    borderWeights({ ...shape, data: hidden }),
    borderWeights({ ...shape, data: shown }),
  );
});
